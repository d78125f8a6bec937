/* SPDX-License-Identifier: Apache-2.0 */
/* Times of a state as dates, for people and for programs. show_span.h has durations. Pure, but for the local time zone. */
#ifndef SHOW_TIME_H
#define SHOW_TIME_H

#include <stdint.h>

#include "state/state.h"

#define SHOW_TIME_MAX 48

/* A CLOCK_MONOTONIC time as RFC 3339, in UTC: "2026-11-22T20:05:58.123456Z". Empty: it is after the year 9999. */
void show_rfc3339(char out[SHOW_TIME_MAX], const struct state *state, uint64_t usec);

/* The same in local time: "2026-11-22 20:05:58 UTC". "-": it is after the year 9999. */
void show_local(char out[SHOW_TIME_MAX], const struct state *state, uint64_t usec);

/* Shorter, in local time: "20:05:58" within the last day before now_usec, else "2026-11-20". "-": likewise. */
void show_short(char out[SHOW_TIME_MAX], const struct state *state, uint64_t usec,
                uint64_t now_usec);

#endif
