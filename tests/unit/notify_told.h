/* SPDX-License-Identifier: Apache-2.0 */
/* What the notify plugin tells its host because of a message or an event, as a text that a case's functions make. */
#ifndef NOTIFY_TOLD_H
#define NOTIFY_TOLD_H

#include <stdarg.h>

#include "notify_host.h"

static char told[65536];
static uint64_t step_usec; /* how much later each comes than the last */

static void note(const char *format, ...) VSN_PRINTF(1, 2);

static inline void note(const char *format, ...)
{
	size_t used = strlen(told);
	va_list arguments;

	va_start(arguments, format);
	used += (size_t)vsnprintf(told + used, sizeof(told) - used, format, arguments);
	va_end(arguments);
	ck_assert_uint_lt(used, sizeof(told));
}

static inline const char *says_bytes(const char *text, size_t length)
{
	told[0] = '\0';
	message_usec += step_usec;
	ck_assert_int_eq(message(text, length), 0);
	return told;
}

static inline const char *says(const char *text)
{
	return says_bytes(text, strlen(text));
}

static inline const char *happens_with(uint32_t type, int64_t number)
{
	struct vsn_event event = {.struct_size = sizeof(event),
	                          .type = type,
	                          .now_usec = message_usec += step_usec,
	                          .number = number};

	told[0] = '\0';
	plugin->event(user, &event);
	return told;
}

static inline const char *happens(uint32_t type)
{
	return happens_with(type, 0);
}

#endif
