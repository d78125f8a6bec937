/* SPDX-License-Identifier: Apache-2.0 */
/* The few macros and arithmetic helpers that every folder uses. */
#ifndef MACROS_H
#define MACROS_H

#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static inline void *container_at(void *member, size_t offset)
{
	return (char *)member - offset;
}

/* The struct of that type whose member pointer points at. */
#define container_of(pointer, type, member) \
	((type *)container_at((pointer), offsetof(type, member)))

static inline uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t max_u64(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

#endif
