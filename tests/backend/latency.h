/* SPDX-License-Identifier: Apache-2.0 */
/* Time and chance: the clock, a seeded random generator, and latencies drawn from a range. */
#ifndef LATENCY_H
#define LATENCY_H

#include <stdint.h>

/* Later than any time the clock will show. */
#define NEVER INT64_MAX

struct prng {
	uint64_t state;
};

struct latency {
	long min_usec;
	long max_usec;
};

/* The monotonic clock, in microseconds. */
int64_t clock_usec(void);

/* Waits until the clock shows @due_usec; returns at once where it does already. */
void wait_until(int64_t due_usec);

/* A generator of its own for each @stream of one seed. */
struct prng prng_make(uint64_t seed, uint64_t stream);

/* A number from 0 to @limit - 1; @limit must not be 0. */
uint64_t prng_below(struct prng *prng, uint64_t limit);

/* Log-uniform: as many draws fall between 1 and 10 ms as between 100 us and 1 ms. */
long latency_draw(const struct latency *latency, struct prng *prng);

#endif
