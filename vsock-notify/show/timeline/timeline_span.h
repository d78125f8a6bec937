/* SPDX-License-Identifier: Apache-2.0 */
/* Times as people read them, in the manner of systemd.time(7): "312ms", "1.203s", "1min 30.5s". Pure. */
#ifndef TIMELINE_SPAN_H
#define TIMELINE_SPAN_H

#include <stdint.h>

/* Room for the longest, its NUL included. */
#define TIMELINE_SPAN_MAX 40

struct timeline_span {
	char text[TIMELINE_SPAN_MAX];
};

/*
 * Three or four digits that matter, cut rather than rounded: what took less than a second is never "1s". No locale changes
 * the point.
 */
struct timeline_span timeline_span(uint64_t usec);

#endif
