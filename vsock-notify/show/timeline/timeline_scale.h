/* SPDX-License-Identifier: Apache-2.0 */
/* A time axis: the place of a time on it, and the distance of the times that are printed below it. Pure. */
#ifndef TIMELINE_SCALE_H
#define TIMELINE_SCALE_H

#include <stdint.h>

struct timeline_scale {
	double left, right; /* x of time 0 and of the end */
	uint64_t end_usec;  /* at least 1 */
};

/* The x of a time. A time after the end is at the end. */
double timeline_scale_at(const struct timeline_scale *scale, uint64_t usec);

/*
 * The distance between the times to print: a round number of the units that durations are printed in, so that at most this
 * many fit between 0 and the end.
 */
uint64_t timeline_scale_step(uint64_t end_usec, unsigned most);

#endif
