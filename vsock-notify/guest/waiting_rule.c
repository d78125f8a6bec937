/* SPDX-License-Identifier: Apache-2.0 */
/* When is a message whole: the waiting rule (theory and figures: waiting_rule.h). */
#include "waiting_rule.h"

#include "base/delivery.h"
#include "base/macros.h"

bool backend_seen_pid(struct backend *backend, int64_t pid)
{
	bool replaced = backend->pid == 0 || backend->stays;

	if (backend->pid == pid) {
		backend->stays = true;
		return false;
	}
	*backend = (struct backend){.pid = pid};
	return replaced;
}

void backend_seen_response(struct backend *backend, uint64_t usec)
{
	backend->recent_usec[backend->next++ % WAITING_HISTORY] =
		(uint32_t)min_u64(usec, WAITING_PATIENT_MAX_USEC);
}

uint32_t backend_slowest_response(const struct backend *backend)
{
	uint32_t slowest = 0;

	for (unsigned i = 0; i < WAITING_HISTORY; i++)
		if (backend->recent_usec[i] > slowest)
			slowest = backend->recent_usec[i];
	return slowest;
}

static uint32_t clamp(uint64_t value, uint32_t low, uint32_t high)
{
	return (uint32_t)min_u64(max_u64(value, low), high);
}

uint32_t waiting_time(const struct waiting_options *options, const struct backend *backend,
                      enum vsn_verdict verdict, uint64_t first_byte_usec)
{
	switch (options->mode) {
	case WAITING_EOF:
		return WAITING_FOR_EOF;
	case WAITING_SETTLE:
		return options->settle_usec;
	case WAITING_AUTO:
		break;
	}
	if (backend->passes_half_close)
		return WAITING_FOR_EOF;
	if (verdict_is_brief(verdict))
		return clamp(2 * min_u64(first_byte_usec, WAITING_BRIEF_MAX_USEC),
		             WAITING_BRIEF_MIN_USEC, WAITING_BRIEF_MAX_USEC);
	return clamp(4 * (uint64_t)backend_slowest_response(backend), WAITING_PATIENT_MIN_USEC,
	             WAITING_PATIENT_MAX_USEC);
}
