/* SPDX-License-Identifier: Apache-2.0 */
/* Parses numbers and times of the command line. Pure functions. */
#ifndef PARSE_H
#define PARSE_H

#include <stdint.h>

/* Parses a decimal number; text must have nothing else. Returns 0, -EINVAL, or -ERANGE above UINT64_MAX. */
int parse_u64(const char *text, uint64_t *value);

/* The same for a number from low to high; any other is -ERANGE. */
int parse_u32(const char *text, uint32_t low, uint32_t high, uint32_t *value);

/* Parses an octal file mode of at most 0777. Returns 0, -EINVAL or -ERANGE. */
int parse_mode(const char *text, unsigned *mode);

/* The longest time span, 292,000 years: the sum with any clock's time fits into 64 bits. */
#define TIMESPAN_MAX_USEC (UINT64_MAX / 2)

/*
 * Parses a time span of one part, in the form of systemd.time(7): a number with the unit us, ms, s or min; a number without a
 * unit is in seconds. Returns 0, -EINVAL, or -ERANGE above TIMESPAN_MAX_USEC.
 */
int parse_timespan(const char *text, uint64_t *usec);

#endif
