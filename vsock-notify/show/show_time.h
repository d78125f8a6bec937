/* SPDX-License-Identifier: Apache-2.0 */
/* Times of a state as dates, for people and programs; spans are timeline_span.h's. Pure but for the local time zone. */
#ifndef SHOW_TIME_H
#define SHOW_TIME_H

#include <stdint.h>

#include "state/state.h"

#define SHOW_TIME_MAX 48

/* A time of CLOCK_MONOTONIC as RFC 3339, in UTC: "2026-11-22T20:05:58.123456Z". Empty: it is no time that a calendar has. */
void show_rfc3339(char out[SHOW_TIME_MAX], const struct state *state, uint64_t usec);

/* The same in local time, "2026-11-22 20:05:58 UTC". */
void show_local(char out[SHOW_TIME_MAX], const struct state *state, uint64_t usec);

/* Shorter: "20:05:58" within the last day before now_usec, else "2026-11-20". */
void show_short(char out[SHOW_TIME_MAX], const struct state *state, uint64_t usec,
                uint64_t now_usec);

#endif
