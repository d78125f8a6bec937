/* SPDX-License-Identifier: Apache-2.0 */
/* Events as log lines and journal entries (see life_log.h). */
#include "life_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/macros.h"

enum kind {
	BOOTING,
	READY,
	EMERGENCY,
	STOPPING,
	EXIT,
	PANIC,
	UNIT_ACTIVE,
	UNIT_INACTIVE,
	FIELD,
	REFUSED,
	STARTED,
	STOPPED,
	REBOOTED,
	PAUSED,
	RESUMED,
	RESTORED,
	WAITING,
	RECOVERED,
	TAKEN_UP
};

/* An id never changes: vsock-notify.catalog has a text for each, and people filter by them. */
static const struct {
	const char *name;
	const char *message_id;
	int level;
} kinds[] = {
	[BOOTING] = {"booting", "2e33a52b2fc248d69f242250ed7bacd3", VSN_LOG_INFO},
	[READY] = {"ready", "a3853690251348e7b6e63babc4b121b0", VSN_LOG_INFO},
	[EMERGENCY] = {"emergency", "6ecedfd0e366486abe7f08c492b51774", VSN_LOG_WARNING},
	[STOPPING] = {"stopping", "c5e6b7062d624ddca06fa5d03c957c01", VSN_LOG_INFO},
	[EXIT] = {"exit", "86686f40c74c4b9e924587e84761303e", VSN_LOG_INFO},
	[PANIC] = {"panic", "58190f98e6864724ab3066827278d09a", VSN_LOG_WARNING},
	[UNIT_ACTIVE] = {"unit-active", "a58b9b33c10e481dba09c33476aea043", VSN_LOG_INFO},
	[UNIT_INACTIVE] = {"unit-inactive", "9a8b7ac7382241b5973ec5c14d309420", VSN_LOG_INFO},
	[FIELD] = {"field", "f1bbd7f71b9e446499a50a5f8c749e36", VSN_LOG_INFO},
	[REFUSED] = {"refused", "44a37ca9374e4a07b917a3ea4809a4da", VSN_LOG_INFO},
	[STARTED] = {"started", "0560495810f9423d93046ba54991bec6", VSN_LOG_INFO},
	[STOPPED] = {"stopped", "f6e22530d1a84e3aa73a06d16c887c0a", VSN_LOG_INFO},
	[REBOOTED] = {"rebooted", "b888420bac08490daea3c99da1b12a74", VSN_LOG_INFO},
	[PAUSED] = {"paused", "975563afa26a406db3f3178d84c07c1a", VSN_LOG_INFO},
	[RESUMED] = {"resumed", "85acc86313b041dcb8a4d11789672900", VSN_LOG_INFO},
	[RESTORED] = {"restored", "52129e5e22de45c9a7e3eaaee27e352c", VSN_LOG_INFO},
	[WAITING] = {"waiting", "ced9221030214b1aab3e06d57756f8a6", VSN_LOG_INFO},
	[RECOVERED] = {"recovered", "501ede7e979e45339a864de40e92969e", VSN_LOG_INFO},
	[TAKEN_UP] = {"taken-up", "b17965ca878b453c803838a264659f1b", VSN_LOG_INFO},
};

/* The field that only some events have. */
struct own_field {
	const char *name;
	const char *value;
};

static const struct own_field none = {NULL, NULL};

const char *life_log_name(unsigned number)
{
	return number < ARRAY_SIZE(kinds) ? kinds[number].name : NULL;
}

const char *life_log_message_id(unsigned number)
{
	return number < ARRAY_SIZE(kinds) ? kinds[number].message_id : NULL;
}

static struct journal_field text_field(const char *name, const char *value)
{
	return (struct journal_field){name, value, strlen(value)};
}

/* limit: NULL for events that a guest cannot cause. */
static void say(struct life_log *log, enum kind kind, struct log_limit *limit, struct own_field own,
                const char *format, ...) VSN_PRINTF(5, 6);

static void say(struct life_log *log, enum kind kind, struct log_limit *limit, struct own_field own,
                const char *format, ...)
{
	struct journal_field fields[4];
	unsigned count = 0;
	va_list arguments;

	if (!log_enabled(kinds[kind].level) || (limit && !log_limit_say(limit, kinds[kind].level)))
		return;
	fields[count++] = text_field("MESSAGE_ID=", kinds[kind].message_id);
	fields[count++] = text_field("VSOCK_NOTIFY_EVENT=", kinds[kind].name);
	if (log->hostname[0])
		fields[count++] = text_field("VSOCK_NOTIFY_GUEST_HOSTNAME=", log->hostname);
	if (own.name)
		fields[count++] = text_field(own.name, own.value);
	va_start(arguments, format);
	log_entry(kinds[kind].level, fields, count, format, arguments);
	va_end(arguments);
}

static void say_status(struct life_log *log, enum kind kind, struct log_limit *limit,
                       const char *what, int64_t status)
{
	char number[24];

	snprintf(number, sizeof(number), "%lld", (long long)status);
	say(log, kind, limit, (struct own_field){"VSOCK_NOTIFY_EXIT_STATUS=", number},
	    "%s with status %s", what, number);
}

static void booting(struct life_log *log, const struct vsn_event *event)
{
	/* The first life after the VM's start began with it. */
	log->since_usec =
		log->started_usec && event->number == 0 ? log->started_usec : event->now_usec;
	log->started_usec = 0;
	say(log, BOOTING, &log->moves, none, "guest booting");
}

/* With the time that its boot took, if this is the end of one. */
static void ready(struct life_log *log, const struct vsn_event *event)
{
	uint64_t usec = event->now_usec - log->since_usec;

	if (log->since_usec > 0)
		say(log, READY, &log->moves, none, "guest ready after %llu.%03llu s",
		    (unsigned long long)(usec / USEC_PER_SEC),
		    (unsigned long long)(usec % USEC_PER_SEC / USEC_PER_MSEC));
	else
		say(log, READY, &log->moves, none, "guest ready");
	log->since_usec = 0;
}

static void emergency(struct life_log *log)
{
	log->since_usec = 0;
	say(log, EMERGENCY, &log->moves, none, "guest in emergency or rescue mode");
}

static void stopping(struct life_log *log, const struct vsn_event *event)
{
	char way[LIFE_LOG_VALUE_MAX];

	journal_clean(way, sizeof(way), event->text, event->length);
	if (way[0])
		say(log, STOPPING, &log->moves, none, "guest stopping (%s)", way);
	else
		say(log, STOPPING, &log->moves, none, "guest stopping");
}

static void unit(struct life_log *log, const struct vsn_event *event)
{
	bool active = event->type == VSN_EVENT_GUEST_UNIT_ACTIVE;
	char unit_name[LIFE_LOG_VALUE_MAX];

	journal_clean(unit_name, sizeof(unit_name), event->text, event->length);
	say(log, active ? UNIT_ACTIVE : UNIT_INACTIVE, &log->fields,
	    (struct own_field){"VSOCK_NOTIFY_UNIT=", unit_name}, "guest: %s is %s", event->text,
	    active ? "active" : "inactive");
}

static void field(struct life_log *log, const struct vsn_event *event)
{
	uint32_t flags = VSN_EVENT_HAS(event, flags) ? event->flags : 0;

	if (flags & VSN_FIELD_TOLD)
		return;
	if (flags & VSN_FIELD_SYSTEMD)
		say(log, FIELD, &log->fields, none, "guest: %s", event->text);
	else if (event->number == 1)
		say(log, REFUSED, &log->fields, none, "not passed on (said once): %s", event->text);
}

static void with_text(struct life_log *log, const struct vsn_event *event)
{
	if (!VSN_EVENT_HAS(event, length) || !event->text)
		return;
	switch (event->type) {
	case VSN_EVENT_GUEST_STOPPING:
		stopping(log, event);
		break;
	case VSN_EVENT_GUEST_HOSTNAME:
		journal_clean(log->hostname, sizeof(log->hostname), event->text, event->length);
		break;
	case VSN_EVENT_GUEST_FIELD:
		field(log, event);
		break;
	default:
		unit(log, event);
		break;
	}
}

/* What the host, or the VMM, does. */
static void vm_event(struct life_log *log, const struct vsn_event *event)
{
	switch (event->type) {
	case VSN_EVENT_VM_STARTED:
		log->started_usec = event->now_usec;
		say(log, STARTED, NULL, none, "VM started: process %lld", (long long)event->number);
		break;
	case VSN_EVENT_VM_STOPPED:
		say_status(log, STOPPED, NULL, "VM stopped", event->number);
		break;
	case VSN_EVENT_VM_REBOOTED:
		say(log, REBOOTED, NULL, none, "VM rebooted");
		break;
	case VSN_EVENT_VM_PAUSED:
		say(log, PAUSED, NULL, none, "VM paused");
		break;
	case VSN_EVENT_VM_RESUMED:
		say(log, RESUMED, NULL, none, "VM resumed");
		break;
	case VSN_EVENT_VM_RESTORED:
		say(log, RESTORED, NULL, none, "VM restored from a snapshot");
		break;
	case VSN_EVENT_VM_TAKEN_UP:
		say(log, TAKEN_UP, NULL, none,
		    "VM went on while vsock-notify was restarted: its state is taken up");
		break;
	default:
		break;
	}
}

void life_log_event(struct life_log *log, const struct vsn_event *event)
{
	switch (event->type) {
	case VSN_EVENT_GUEST_BOOTING:
		booting(log, event);
		break;
	case VSN_EVENT_GUEST_READY:
		ready(log, event);
		break;
	case VSN_EVENT_GUEST_EMERGENCY:
		emergency(log);
		break;
	case VSN_EVENT_GUEST_EXIT:
		say_status(log, EXIT, &log->moves, "guest exited", event->number);
		break;
	case VSN_EVENT_GUEST_PANIC:
		say(log, PANIC, &log->moves, none, "guest kernel panicked");
		break;
	case VSN_EVENT_GUEST_WAITING:
		log->hostname[0] = '\0';
		say(log, WAITING, &log->moves, none, "another VM has taken this one's place");
		break;
	case VSN_EVENT_GUEST_RECOVERED:
		say(log, RECOVERED, &log->moves, none, "guest has left emergency or rescue mode");
		break;
	case VSN_EVENT_GUEST_STOPPING:
	case VSN_EVENT_GUEST_FIELD:
	case VSN_EVENT_GUEST_UNIT_ACTIVE:
	case VSN_EVENT_GUEST_UNIT_INACTIVE:
	case VSN_EVENT_GUEST_HOSTNAME:
		with_text(log, event);
		break;
	default:
		vm_event(log, event);
		break;
	}
}
