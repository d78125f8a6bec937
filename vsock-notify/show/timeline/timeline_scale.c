/* SPDX-License-Identifier: Apache-2.0 */
/* A time axis (see timeline_scale.h). */
#include "timeline_scale.h"

#include <stddef.h>

#include "base/clock.h"
#include "base/macros.h"

double timeline_scale_at(const struct timeline_scale *scale, uint64_t usec)
{
	double part = (double)min_u64(usec, scale->end_usec) / (double)scale->end_usec;

	return scale->left + part * (scale->right - scale->left);
}

/* Round distances from one second on, in seconds. Shorter ones are 1, 2 and 5 times a power of ten. */
static const uint64_t seconds[] = {
	1,    2,    5,    10,    15,    30,    60,    120,    300,    600,    900,
	1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 432000, 864000,
};

uint64_t timeline_scale_step(uint64_t end_usec, unsigned most)
{
	uint64_t step;

	for (step = 1; step < USEC_PER_SEC; step *= 10)
		for (uint64_t times = 1; times <= 5; times += times == 1 ? 1 : 3)
			if (end_usec / (step * times) <= most)
				return step * times;
	for (size_t i = 0; i < ARRAY_SIZE(seconds); i++)
		if (end_usec / (seconds[i] * USEC_PER_SEC) <= most)
			return seconds[i] * USEC_PER_SEC;
	step = seconds[ARRAY_SIZE(seconds) - 1] * USEC_PER_SEC;
	while (end_usec / step > most)
		step *= 2;
	return step;
}
