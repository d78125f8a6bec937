/* SPDX-License-Identifier: Apache-2.0 */
/* Durations as people read them, in the manner of systemd.time(7): "312ms", "1.203s", "1min 30.5s". Pure. */
#ifndef SHOW_SPAN_H
#define SHOW_SPAN_H

#include <stdint.h>

/* Room for the longest text and its NUL. */
#define SHOW_SPAN_MAX 40

struct show_span {
	char text[SHOW_SPAN_MAX];
};

/*
 * Three or four significant digits. They are cut, not rounded: what took less than a second is never "1s". The decimal point is
 * a point in every locale.
 */
struct show_span show_span(uint64_t usec);

#endif
