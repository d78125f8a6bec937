/* SPDX-License-Identifier: Apache-2.0 */
/* Ownership of memory: freeing it when a variable goes out of scope. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdlib.h>

static inline void cleanup_free_pointer(void *pointer)
{
	free(*(void **)pointer);
}

/* For a local pointer to memory of malloc(3): frees it when the variable goes out of scope. */
#define CLEANUP_FREE __attribute__((cleanup(cleanup_free_pointer)))

#endif
