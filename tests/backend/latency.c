/* SPDX-License-Identifier: Apache-2.0 */
/* The clock, a seeded random generator (splitmix64), and log-uniform latencies. */
#include "latency.h"

#include <errno.h>
#include <math.h>
#include <time.h>

int64_t clock_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void wait_until(int64_t due_usec)
{
	struct timespec due = {
		.tv_sec = due_usec / 1000000,
		.tv_nsec = due_usec % 1000000 * 1000,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR)
		continue;
}

static uint64_t prng_next(struct prng *prng)
{
	uint64_t mixed = prng->state += 0x9e3779b97f4a7c15u;

	mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
	mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
	return mixed ^ (mixed >> 31);
}

struct prng prng_make(uint64_t seed, uint64_t stream)
{
	struct prng prng = {.state = seed};

	/* Mixed twice, so that the streams of neighbouring seeds have nothing in common. */
	prng.state = prng_next(&prng) ^ stream;
	prng.state = prng_next(&prng);
	return prng;
}

uint64_t prng_below(struct prng *prng, uint64_t limit)
{
	return prng_next(prng) % limit;
}

long latency_draw(const struct latency *latency, struct prng *prng)
{
	double share = (double)(prng_next(prng) >> 11) / (double)(1ull << 53);
	/* Zero has no logarithm: a range from 0 is drawn as one from 1. */
	double min = latency->min_usec > 0 ? (double)latency->min_usec : 1.0;

	if (latency->max_usec <= latency->min_usec)
		return latency->min_usec;
	return lround(min * pow((double)latency->max_usec / min, share));
}
