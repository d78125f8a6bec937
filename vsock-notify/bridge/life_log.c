/* SPDX-License-Identifier: Apache-2.0 */
/* Events as log lines and journal entries (see life_log.h). */
#include "life_log.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/macros.h"

/* The kind of a field that was not passed on. The plugin tells of it by VSN_EVENT_GUEST_FIELD, as of any other. */
#define REFUSED 0

/* An id never changes: vsock-notify.catalog has a text for each, and people filter by them. */
static const struct kind {
	unsigned type; /* enum vsn_event_type, or REFUSED */
	const char *name;
	const char *message_id;
	int level;
	const char *line; /* NULL: the line depends on the event */
} kinds[] = {
	{VSN_EVENT_GUEST_BOOTING, "booting", "2e33a52b2fc248d69f242250ed7bacd3", VSN_LOG_INFO,
         "guest booting"},
	{VSN_EVENT_GUEST_READY, "ready", "a3853690251348e7b6e63babc4b121b0", VSN_LOG_INFO, NULL},
	{VSN_EVENT_GUEST_EMERGENCY, "emergency", "6ecedfd0e366486abe7f08c492b51774",
         VSN_LOG_WARNING, "guest in emergency or rescue mode"},
	{VSN_EVENT_GUEST_STOPPING, "stopping", "c5e6b7062d624ddca06fa5d03c957c01", VSN_LOG_INFO,
         NULL},
	{VSN_EVENT_GUEST_EXIT, "exit", "86686f40c74c4b9e924587e84761303e", VSN_LOG_INFO, NULL},
	{VSN_EVENT_GUEST_PANIC, "panic", "58190f98e6864724ab3066827278d09a", VSN_LOG_WARNING,
         "guest kernel panicked"},
	{VSN_EVENT_GUEST_UNIT_ACTIVE, "unit-active", "a58b9b33c10e481dba09c33476aea043",
         VSN_LOG_INFO, NULL},
	{VSN_EVENT_GUEST_UNIT_INACTIVE, "unit-inactive", "9a8b7ac7382241b5973ec5c14d309420",
         VSN_LOG_INFO, NULL},
	{VSN_EVENT_GUEST_FIELD, "field", "f1bbd7f71b9e446499a50a5f8c749e36", VSN_LOG_INFO, NULL},
	{REFUSED, "refused", "44a37ca9374e4a07b917a3ea4809a4da", VSN_LOG_INFO, NULL},
	{VSN_EVENT_GUEST_LOST, "lost", "7565d16fa8dbe5f93de216d75a29ff89", VSN_LOG_WARNING, NULL},
	{VSN_EVENT_VM_STARTED, "started", "0560495810f9423d93046ba54991bec6", VSN_LOG_INFO, NULL},
	{VSN_EVENT_VM_STOPPED, "stopped", "f6e22530d1a84e3aa73a06d16c887c0a", VSN_LOG_INFO, NULL},
	{VSN_EVENT_VM_REBOOTED, "rebooted", "b888420bac08490daea3c99da1b12a74", VSN_LOG_INFO,
         "VM rebooted"},
	{VSN_EVENT_VM_PAUSED, "paused", "975563afa26a406db3f3178d84c07c1a", VSN_LOG_INFO,
         "VM paused"},
	{VSN_EVENT_VM_RESUMED, "resumed", "85acc86313b041dcb8a4d11789672900", VSN_LOG_INFO,
         "VM resumed"},
	{VSN_EVENT_VM_RESTORED, "restored", "52129e5e22de45c9a7e3eaaee27e352c", VSN_LOG_INFO,
         "VM restored from a snapshot"},
	{VSN_EVENT_GUEST_WAITING, "waiting", "ced9221030214b1aab3e06d57756f8a6", VSN_LOG_INFO,
         "another VM has taken this one's place"},
	{VSN_EVENT_GUEST_RECOVERED, "recovered", "501ede7e979e45339a864de40e92969e", VSN_LOG_INFO,
         "guest has left emergency or rescue mode"},
	{VSN_EVENT_VM_TAKEN_UP, "taken-up", "b17965ca878b453c803838a264659f1b", VSN_LOG_INFO,
         "VM went on while vsock-notify was restarted: its state is taken up"},
};

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

static const struct kind *kind_of(unsigned type)
{
	for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}

/* NULL for events that a guest cannot cause. */
static struct log_limit *limit_of(struct life_log *log, unsigned type)
{
	switch (type) {
	case REFUSED:
	case VSN_EVENT_GUEST_FIELD:
	case VSN_EVENT_GUEST_UNIT_ACTIVE:
	case VSN_EVENT_GUEST_UNIT_INACTIVE:
		return &log->fields;
	default:
		return type < VSN_EVENT_VM_REBOOTED ? &log->moves : NULL;
	}
}

/* own: the field that only some events have; NULL: this one has none. */
VSN_PRINTF(4, 5)
static void say(struct life_log *log, unsigned type, const struct journal_field *own,
                const char *format, ...)
{
	const struct kind *kind = kind_of(type);
	struct log_limit *limit = limit_of(log, type);
	struct journal_field fields[4];
	unsigned count = 0;
	va_list arguments;

	if (!log_enabled(kind->level) || (limit && !log_limit_say(limit, kind->level)))
		return;
	fields[count++] = text_field("MESSAGE_ID=", kind->message_id);
	fields[count++] = text_field("VSOCK_NOTIFY_EVENT=", kind->name);
	if (log->hostname[0])
		fields[count++] = text_field("VSOCK_NOTIFY_GUEST_HOSTNAME=", log->hostname);
	if (own)
		fields[count++] = *own;
	va_start(arguments, format);
	log_entry(kind->level, fields, count, format, arguments);
	va_end(arguments);
}

static void say_status(struct life_log *log, const struct vsn_event *event, const char *what)
{
	char number[24];
	struct journal_field own;

	snprintf(number, sizeof(number), "%lld", (long long)event->number);
	own = text_field("VSOCK_NOTIFY_EXIT_STATUS=", number);
	say(log, event->type, &own, "%s with status %s", what, number);
}

static void booting(struct life_log *log, const struct vsn_event *event)
{
	/* The guest's first boot began when the VM was started. */
	log->since_usec =
		log->started_usec && event->number == 0 ? log->started_usec : event->now_usec;
	log->started_usec = 0;
	/* What was lost before a VM's first word is of the life that this word has shown. */
	if (log->has_begun)
		log->lost_said = false;
	log->has_begun = true;
}

/* Another VM has taken the place of this one. */
static void waiting(struct life_log *log)
{
	log->hostname[0] = '\0';
	log->lost_said = false;
	log->has_begun = false;
}

static void lost(struct life_log *log, const struct vsn_event *event)
{
	log->lost++;
	if (!log->lost_said)
		say(log, event->type, NULL,
		    "a message of the guest is lost: the VMM has ended its connection without a "
		    "byte, as cloud-hypervisor up to 53.0 and Firecracker do (or a program in the "
		    "guest sent nothing); a later cloud-hypervisor or a patch prevents it, see "
		    "LOST MESSAGES in vsock-notify(7); more losses in this life are only counted");
	log->lost_said = true;
}

/* Says how long the boot took, if this event ends a boot. */
static void ready(struct life_log *log, const struct vsn_event *event)
{
	uint64_t usec = event->now_usec - log->since_usec;
	const char *how = event->number == 1
	                          ? ": its READY=1 was lost, but its default target is active"
	                          : "";

	if (log->since_usec > 0)
		say(log, event->type, NULL, "guest ready after %llu.%03llu s%s",
		    (unsigned long long)(usec / USEC_PER_SEC),
		    (unsigned long long)(usec % USEC_PER_SEC / USEC_PER_MSEC), how);
	else
		say(log, event->type, NULL, "guest ready%s", how);
	log->since_usec = 0;
	log->has_begun = true;
}

static void stopping(struct life_log *log, const struct vsn_event *event)
{
	char way[LIFE_LOG_VALUE_MAX];

	journal_clean(way, sizeof(way), event->text, event->length);
	if (way[0])
		say(log, event->type, NULL, "guest stopping (%s)", way);
	else
		say(log, event->type, NULL, "guest stopping");
}

static void unit(struct life_log *log, const struct vsn_event *event)
{
	char name[LIFE_LOG_VALUE_MAX];
	struct journal_field own;

	journal_clean(name, sizeof(name), event->text, event->length);
	own = text_field("VSOCK_NOTIFY_UNIT=", name);
	say(log, event->type, &own, "guest: %s is %s", event->text,
	    event->type == VSN_EVENT_GUEST_UNIT_ACTIVE ? "active" : "inactive");
}

static void field(struct life_log *log, const struct vsn_event *event)
{
	uint32_t flags = VSN_EVENT_HAS(event, flags) ? event->flags : 0;

	if (flags & VSN_FIELD_TOLD)
		return;
	if (flags & VSN_FIELD_SYSTEMD)
		say(log, event->type, NULL, "guest: %s", event->text);
	else if (event->number == 1)
		say(log, REFUSED, NULL, "not passed on (said once): %s", event->text);
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

/* Says what has a line of its own, and keeps what later lines need. */
static void take(struct life_log *log, const struct vsn_event *event)
{
	switch (event->type) {
	case VSN_EVENT_GUEST_BOOTING:
		booting(log, event);
		break;
	case VSN_EVENT_GUEST_READY:
		ready(log, event);
		break;
	case VSN_EVENT_GUEST_EMERGENCY:
		log->since_usec = 0;
		break;
	case VSN_EVENT_GUEST_EXIT:
		say_status(log, event, "guest exited");
		break;
	case VSN_EVENT_GUEST_WAITING:
		waiting(log);
		break;
	case VSN_EVENT_GUEST_LOST:
		lost(log, event);
		break;
	case VSN_EVENT_VM_TAKEN_UP:
		log->has_begun = true;
		break;
	case VSN_EVENT_GUEST_STOPPING:
	case VSN_EVENT_GUEST_FIELD:
	case VSN_EVENT_GUEST_UNIT_ACTIVE:
	case VSN_EVENT_GUEST_UNIT_INACTIVE:
	case VSN_EVENT_GUEST_HOSTNAME:
		with_text(log, event);
		break;
	case VSN_EVENT_VM_STARTED:
		log->started_usec = event->now_usec;
		say(log, event->type, NULL, "VM started: process %lld", (long long)event->number);
		break;
	case VSN_EVENT_VM_STOPPED:
		say_status(log, event, "VM stopped");
		break;
	default:
		break;
	}
}

void life_log_event(struct life_log *log, const struct vsn_event *event)
{
	const struct kind *kind = kind_of(event->type);

	take(log, event);
	if (kind && kind->line)
		say(log, event->type, NULL, "%s", kind->line);
}

void life_log_finish(const struct life_log *log)
{
	if (log->lost > 1)
		log_warning("lost in all: %llu messages of the guest",
		            (unsigned long long)log->lost);
}
