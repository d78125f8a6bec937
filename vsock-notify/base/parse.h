/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and times as they are written on the command line. Pure functions. */
#ifndef PARSE_H
#define PARSE_H

#include <stdint.h>

/* A decimal number, nothing before or after it. Returns 0, -EINVAL, or -ERANGE above UINT64_MAX. */
int parse_u64(const char *text, uint64_t *value);

/* An octal file mode of at most 0777. Returns 0, -EINVAL or -ERANGE. */
int parse_mode(const char *text, unsigned *mode);

/*
 * A time span as systemd.time(7) writes it, of one part: a number with the unit us, ms, s or min;
 * without a unit, seconds. Returns 0, -EINVAL or -ERANGE.
 */
int parse_timespan(const char *text, uint64_t *usec);

#endif
