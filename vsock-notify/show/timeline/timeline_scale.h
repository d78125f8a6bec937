/* SPDX-License-Identifier: Apache-2.0 */
/* A time axis: where a moment is on it, and which moments it names. Pure. */
#ifndef TIMELINE_SCALE_H
#define TIMELINE_SCALE_H

#include <stdint.h>

struct timeline_scale {
	double left, right; /* where 0 and the end are */
	uint64_t end_usec;  /* at least 1 */
};

/* Where a moment is; what is beyond the end is at the end. */
double timeline_scale_at(const struct timeline_scale *scale, uint64_t usec);

/*
 * The distance of the moments to be named: a round one of the units that times are written in, of which at most
 * that many fit between 0 and the end.
 */
uint64_t timeline_scale_step(uint64_t end_usec, unsigned most);

#endif
