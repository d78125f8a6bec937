/* SPDX-License-Identifier: Apache-2.0 */
/* When is a message whole: the waiting rule (theory and figures: framing.h). */
#include "waiting_rule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "base/parse.h"

void backend_seen_pid(struct backend *backend, int64_t pid)
{
	if (backend->pid == pid)
		return;
	*backend = (struct backend){.pid = pid};
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
	if (verdict == VSN_VERDICT_BRIEF)
		return clamp(2 * min_u64(first_byte_usec, WAITING_BRIEF_MAX_USEC),
		             WAITING_BRIEF_MIN_USEC, WAITING_BRIEF_MAX_USEC);
	return clamp(4 * (uint64_t)backend_slowest_response(backend), WAITING_PATIENT_MIN_USEC,
	             WAITING_PATIENT_MAX_USEC);
}

const struct option_choice waiting_modes[] = {
	{"auto", WAITING_AUTO},
	{"eof", WAITING_EOF},
	{"settle:", WAITING_SETTLE},
	{0},
};

/* The mode whose word text is, or, of one that goes on with a number, begins with. */
static const struct option_choice *find_mode(const char *text)
{
	for (const struct option_choice *mode = waiting_modes; mode->word; mode++)
		if (mode->value == WAITING_SETTLE
		            ? strncmp(text, mode->word, strlen(mode->word)) == 0
		            : strcmp(text, mode->word) == 0)
			return mode;
	return NULL;
}

int waiting_options_parse(const char *text, struct waiting_options *options)
{
	const struct option_choice *mode = find_mode(text);
	uint64_t usec = 0;

	*options = (struct waiting_options){.mode = WAITING_AUTO};
	if (!mode)
		return -EINVAL;
	if (mode->value == WAITING_SETTLE && parse_u64(text + strlen(mode->word), &usec) < 0)
		return -EINVAL;
	if (usec > WAITING_SETTLE_MAX_USEC)
		return -ERANGE;
	options->mode = (enum waiting_mode)mode->value;
	options->settle_usec = (uint32_t)usec;
	return 0;
}
