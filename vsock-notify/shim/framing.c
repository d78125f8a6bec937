/* SPDX-License-Identifier: Apache-2.0 */
/* When is a message whole: the waiting rule (theory and figures: framing.h). */
#include "framing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "util.h"

void framing_seen_pid(struct framing_backend *backend, int64_t pid)
{
	if (backend->pid == pid)
		return;
	*backend = (struct framing_backend){.pid = pid};
}

void framing_seen_response(struct framing_backend *backend, uint64_t usec)
{
	backend->recent_usec[backend->next++ % FRAMING_HISTORY] =
		(uint32_t)min_u64(usec, FRAMING_PATIENT_MAX_USEC);
}

uint32_t framing_slowest_response(const struct framing_backend *backend)
{
	uint32_t slowest = 0;

	for (unsigned i = 0; i < FRAMING_HISTORY; i++)
		if (backend->recent_usec[i] > slowest)
			slowest = backend->recent_usec[i];
	return slowest;
}

static uint32_t clamp(uint64_t value, uint32_t low, uint32_t high)
{
	return (uint32_t)min_u64(max_u64(value, low), high);
}

uint32_t framing_wait(const struct framing_options *options, const struct framing_backend *backend,
                      enum vsn_verdict verdict, uint64_t first_byte_usec)
{
	switch (options->mode) {
	case FRAMING_EOF:
		return FRAMING_WAIT_FOR_EOF;
	case FRAMING_SETTLE:
		return options->settle_usec;
	case FRAMING_AUTO:
		break;
	}
	if (backend->passes_half_close)
		return FRAMING_WAIT_FOR_EOF;
	if (verdict == VSN_VERDICT_BRIEF)
		return clamp(2 * min_u64(first_byte_usec, FRAMING_BRIEF_MAX_USEC),
		             FRAMING_BRIEF_MIN_USEC, FRAMING_BRIEF_MAX_USEC);
	return clamp(4 * (uint64_t)framing_slowest_response(backend), FRAMING_PATIENT_MIN_USEC,
	             FRAMING_PATIENT_MAX_USEC);
}

const struct option_choice framing_modes[] = {
	{"auto", FRAMING_AUTO},
	{"eof", FRAMING_EOF},
	{"settle:", FRAMING_SETTLE},
	{0},
};

/* The mode whose word text is, or, of one that goes on with a number, begins with. */
static const struct option_choice *find_mode(const char *text)
{
	for (const struct option_choice *mode = framing_modes; mode->word; mode++)
		if (mode->value == FRAMING_SETTLE
		            ? strncmp(text, mode->word, strlen(mode->word)) == 0
		            : strcmp(text, mode->word) == 0)
			return mode;
	return NULL;
}

int framing_parse(const char *text, struct framing_options *options)
{
	const struct option_choice *mode = find_mode(text);
	uint64_t usec = 0;

	*options = (struct framing_options){.mode = FRAMING_AUTO};
	if (!mode)
		return -EINVAL;
	if (mode->value == FRAMING_SETTLE && parse_u64(text + strlen(mode->word), &usec) < 0)
		return -EINVAL;
	if (usec > FRAMING_SETTLE_MAX_USEC)
		return -ERANGE;
	options->mode = (enum framing_mode)mode->value;
	options->settle_usec = (uint32_t)usec;
	return 0;
}
