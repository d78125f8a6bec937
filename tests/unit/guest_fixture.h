/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of the notify plugin's pure parts: a guest by its settings, and what the host is told of it. */
#ifndef GUEST_FIXTURE_H
#define GUEST_FIXTURE_H

#include <string.h>

#include "harness.h"
#include "plugins/notify/guest.h"
#include "plugins/notify/keys.h"
#include "plugins/notify/message.h"

#define SECOND UINT64_C(1000000)

static struct guest guest;
static struct outgoing result; /* of the last message, or of the last time */

static inline struct field field_of(const char *name, const char *value)
{
	return (struct field){name, strlen(name), value, strlen(value)};
}

/* As --plugin=notify,KEY=VALUE does. */
static inline void set(const char *key, const char *value)
{
	const char *why = NULL;
	int r = keys_set(&guest, key, value, &why);

	ck_assert_msg(r == 0, "%s=%s: %d, %s", key, value, r, why ? why : "no reason");
}

/* The result as a string. It is what a service manager takes, whatever came in. */
static inline const char *shown_result(void)
{
	static char shown[OUTGOING_MAX + 1];

	ck_assert_uint_le(result.length, 4096);
	memcpy(shown, result.text, result.length);
	shown[result.length] = '\0';
	return shown;
}

/* What the host is told of a message that comes then. */
static inline const char *told_at(const char *text, uint64_t now_usec)
{
	memset(&result, 0x55, sizeof(result));
	message_translate(&guest, text, strlen(text), now_usec, &result, NULL, NULL);
	return shown_result();
}

/* What the host is told when that happens to the VM. */
static inline const char *told_of(uint32_t type, int64_t number, uint64_t now_usec)
{
	const struct vsn_event event = {
		.struct_size = sizeof(event),
		.type = type,
		.now_usec = now_usec,
		.number = number,
	};

	memset(&result, 0x55, sizeof(result));
	message_event(&guest, &event, &result);
	return shown_result();
}

#endif
