/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The notify plugin: turns a guest's messages into sd_notify(3) datagrams for the host's service manager, and into events.
 *
 * This file is the ABI's side. The pure parts decide: fields.h takes a message apart, policy.h says what may pass and limits.h
 * how often, life.h follows the guest, message.h makes the datagram, pid1.h recognises PID 1's messages.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"
#include "include/vsock-notify-plugin.h"
#include "keys.h"
#include "message.h"
#include "pid1.h"
#include "refused.h"

#define BARRIER_TEXT "BARRIER=1"

struct notify {
	const struct vsn_host *host;
	struct guest guest;
	struct refused refused;
	bool exceeded;      /* it has been logged that a limit was exceeded */
	uint64_t held_back; /* lines that were not told because of a limit */
	struct outgoing outgoing;
	char event_text[OUTGOING_MAX + 1];
};

static int notify_open(const struct vsn_host *host, void **user)
{
	struct notify *notify = calloc(1, sizeof(*notify));

	if (!notify)
		return -ENOMEM;
	notify->host = host;
	guest_init(&notify->guest);
	*user = notify;
	return 0;
}

static int notify_config(void *user, const char *key, const char *value)
{
	struct notify *notify = user;
	const char *why = NULL;
	int r = keys_set(&notify->guest, key, value, &why);

	if (r == -EPERM)
		notify->host->log(notify->host, VSN_LOG_ERROR, "%s=%s: %s", key, value, why);
	return r;
}

static int notify_start(void *user)
{
	const struct notify *notify = user;
	char line[KEYS_CONFLICT_MAX];

	/* PID 1 announces a unit by its own name (systemd 262, src/core/manager.c). */
	if (strcmp(notify->guest.ready_unit, "default.target") == 0)
		notify->host->log(
			notify->host, VSN_LOG_WARNING,
			"ready-unit=default.target: in most guests it is an alias, and they "
			"announce the target that it stands for: name that one, such as "
			"multi-user.target");
	if (!keys_conflict(&notify->guest, line))
		return 0;
	notify->host->log(notify->host, VSN_LOG_ERROR, "%s", line);
	return -EINVAL;
}

/* Whether text is BARRIER=1 and nothing else: line ends may follow, and one NUL at the end, as fields_length() has it. */
static bool is_barrier(const char *text, size_t length)
{
	const size_t barrier = strlen(BARRIER_TEXT);

	if (length < barrier || memcmp(text, BARRIER_TEXT, barrier) != 0)
		return false;
	if (length > barrier && text[length - 1] == '\0')
		length--;
	for (size_t i = barrier; i < length; i++)
		if (text[i] != '\n' && text[i] != '\r')
			return false;
	return true;
}

static int notify_peek(void *user, const char *text, size_t length)
{
	(void)user;
	if (is_barrier(text, length))
		return VSN_VERDICT_COMPLETE;
	return pid1_recognises(text, length) ? VSN_VERDICT_BYTE : VSN_VERDICT_PATIENT;
}

/*
 * Emits an event. text may be NULL: the event has none. It is copied, because an event's text ends in a NUL and a message's does
 * not.
 */
static void report(struct notify *notify, enum vsn_event_type type, int number, const char *text,
                   size_t length, uint32_t flags)
{
	const struct vsn_event event = {
		.struct_size = sizeof(event),
		.type = type,
		.now_usec = notify->outgoing.now_usec,
		.number = number,
		.text = text ? notify->event_text : NULL,
		.length = length,
		.flags = flags,
	};

	if (text)
		memcpy(notify->event_text, text, length);
	notify->event_text[length] = '\0';
	if (VSN_HOST_HAS(notify->host, event) && notify->host->event)
		notify->host->event(notify->host, &event);
}

/* Emits BOOTING, before the first field that belongs to the new life. */
static void report_beginning(struct notify *notify)
{
	struct life_step *step = &notify->guest.step;

	if (step->begins)
		report(notify, VSN_EVENT_GUEST_BOOTING, 0, NULL, 0, 0);
	step->begins = false;
}

static void field_seen(void *user, const struct field *field, bool refused)
{
	struct notify *notify = user;
	int own_event = life_field_event(field);
	uint32_t flags = 0;
	int number = 0;

	report_beginning(notify);
	if (refused)
		number = refused_first_time(&notify->refused, field) ? 1 : 2;
	if (policy_classify(field) == POLICY_SYSTEMD)
		flags = VSN_FIELD_SYSTEMD;
	if (own_event && own_event != VSN_EVENT_GUEST_HOSTNAME)
		flags |= VSN_FIELD_TOLD;
	report(notify, VSN_EVENT_GUEST_FIELD, number, field->name,
	       field->name_length + 1 + field->value_length, flags);
	if (own_event)
		report(notify, (enum vsn_event_type)own_event, 0, field->value, field->value_length,
		       0);
}

static int tell(struct notify *notify)
{
	const struct outgoing *outgoing = &notify->outgoing;
	int r;

	notify->held_back += outgoing->exceeded;
	if (outgoing->exceeded && !notify->exceeded) {
		notify->exceeded = true;
		notify->host->log(
			notify->host, VSN_LOG_WARNING,
			"the guest changes its state, or extends its timeouts, too often: "
			"not passed on (said once)");
	}
	if (outgoing->length == 0)
		return 0;
	r = notify->host->send(notify->host, outgoing->state ? VSN_SEND_STATE : VSN_SEND_PROGRESS,
	                       outgoing->text, outgoing->length);
	/* The service manager was not told, so the same state is still a change next time. */
	if (r < 0 && outgoing->state)
		notify->guest.limits.state = LIMITS_STARTING;
	/* The shim has logged that its queue is full. */
	return r == -ENOBUFS ? 0 : r;
}

static void report_status(struct notify *notify)
{
	const struct outgoing *outgoing = &notify->outgoing;

	if (outgoing->status_end > 0)
		report(notify, VSN_EVENT_GUEST_STATUS, 0, outgoing->text + outgoing->status_at,
		       outgoing->status_end - outgoing->status_at, 0);
}

/*
 * Emits the status and the edges. BOOTING and WAITING make void what was told of the life before, so they come before the status;
 * the other edges come after it.
 */
static void report_step(struct notify *notify)
{
	const struct life_step *step = &notify->guest.step;
	unsigned i = 0;

	if (step->count > 0 && (step->edges[0].type == VSN_EVENT_GUEST_BOOTING ||
	                        step->edges[0].type == VSN_EVENT_GUEST_WAITING))
		report(notify, step->edges[0].type, step->edges[i++].number, NULL, 0, 0);
	report_status(notify);
	for (; i < step->count; i++)
		report(notify, step->edges[i].type, step->edges[i].number, step->edges[i].text,
		       step->edges[i].length, 0);
}

/* Passes on what follows from the message, event or deadline that has been translated. */
static int conclude(struct notify *notify)
{
	int r;

	notify->host->set_timer(notify->host, life_deadline(&notify->guest.life));
	r = tell(notify);
	report_step(notify);
	return r;
}

static int notify_message(void *user, const struct vsn_message *message)
{
	struct notify *notify = user;
	const struct vsn_host *host = notify->host;
	struct outgoing *outgoing = &notify->outgoing;
	long length = fields_length(message->text, message->length);
	int r;

	if (length < 0) {
		host->log(host, VSN_LOG_INFO,
		          "message %llu refused: it has a NUL byte in it (%zu bytes)",
		          (unsigned long long)message->id, message->length);
		return 0;
	}
	message_translate(&notify->guest, message->text, (size_t)length, message->now_usec,
	                  outgoing, field_seen, notify);
	if (notify->guest.step.facts.malformed)
		host->log(host, VSN_LOG_INFO,
		          "message %llu has %u lines that are no NAME=VALUE: not passed on",
		          (unsigned long long)message->id, notify->guest.step.facts.malformed);
	r = conclude(notify);
	if (r == 0 && outgoing->barrier)
		r = host->barrier(host);
	return r == -ENOBUFS ? 0 : r;
}

static void notify_timer(void *user, uint64_t now_usec)
{
	struct notify *notify = user;

	message_time(&notify->guest, now_usec, &notify->outgoing);
	conclude(notify);
}

/* Takes what the launch wrapper or the bridge tells of the VM. */
static void notify_event(void *user, const struct vsn_event *event)
{
	struct notify *notify = user;

	message_event(&notify->guest, event, &notify->outgoing);
	conclude(notify);
}

/* Logs what was not passed on, if anything was. */
static void notify_stop(void *user)
{
	const struct notify *notify = user;
	const struct vsn_host *host = notify->host;

	for (unsigned i = 0; i < notify->refused.count; i++)
		host->log(host, VSN_LOG_INFO, "not passed on in all: %s= %llu times",
		          notify->refused.names[i].name,
		          (unsigned long long)notify->refused.names[i].count);
	if (notify->refused.others > 0)
		host->log(host, VSN_LOG_INFO, "not passed on in all: others %llu times",
		          (unsigned long long)notify->refused.others);
	if (notify->held_back > 0)
		host->log(host, VSN_LOG_INFO, "over a limit in all: %llu lines",
		          (unsigned long long)notify->held_back);
}

static void notify_close(void *user)
{
	free(user);
}

static const struct vsn_plugin notify_plugin = {
	.name = "notify",
	.version = "0.1.0",
	.description = "passes a guest's sd_notify(3) messages on to the host's service manager",
	.config_help = keys_help,
	.open = notify_open,
	.config = notify_config,
	.start = notify_start,
	.peek = notify_peek,
	.message = notify_message,
	.timer = notify_timer,
	.stop = notify_stop,
	.close = notify_close,
	.event = notify_event,
};

VSN_REGISTER_PLUGIN(notify_plugin);
