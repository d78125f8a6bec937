/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The notify plugin: a guest's messages into sd_notify(3) datagrams for the host's service manager.
 *
 * Here is only the ABI's side; what is decided, and why, is in the pure parts: fields.h takes a
 * message apart, policy.h says what may pass, life.h when READY=1 means ready, translate.h puts the
 * datagram together, pid1.h tells how urgent a message is.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../../include/vsock-notify-plugin.h"
#include "life.h"
#include "pid1.h"
#include "refused.h"
#include "translate.h"

#define BARRIER_TEXT "BARRIER=1"

/* systemd.unit(5): the longest unit name. */
#define UNIT_NAME_MAX 255

#define USEC_PER_SEC 1000000ULL

/* A day: no start takes longer, and the product stays far from the type's end. */
#define EXTEND_START_MAX_SEC 86400

struct notify {
	const struct vsn_host *host;
	struct life life;
	struct story story;
	struct refused refused;
	char ready_unit[UNIT_NAME_MAX + 1];
	bool wait_when_restored; /* on-restore=wait */
	bool ended;              /* the guest has said its shutdown */
	struct translation translation;
};

static int notify_open(const struct vsn_host *host, void **user)
{
	struct notify *notify = calloc(1, sizeof(*notify));

	if (!notify)
		return -ENOMEM;
	notify->host = host;
	*user = notify;
	return 0;
}

/* A unit that a guest announces has a suffix: "multi-user.target". */
static int set_ready_unit(struct notify *notify, const char *unit)
{
	const char *dot = strrchr(unit, '.');

	if (!dot || dot == unit || !dot[1] || strlen(unit) > UNIT_NAME_MAX || strpbrk(unit, "/ \n"))
		return -EINVAL;
	strcpy(notify->ready_unit, unit);
	notify->life.ready_unit = notify->ready_unit;
	return 0;
}

static int set_on_restore(struct notify *notify, const char *value)
{
	notify->wait_when_restored = strcmp(value, "wait") == 0;
	return notify->wait_when_restored || strcmp(value, "ready") == 0 ? 0 : -EINVAL;
}

static int set_track(struct notify *notify, const char *value)
{
	notify->story.told = strcmp(value, "on") == 0;
	return notify->story.told || strcmp(value, "off") == 0 ? 0 : -EINVAL;
}

static int set_reboot(struct notify *notify, const char *value)
{
	notify->story.reboot_is_reload = strcmp(value, "reloading") == 0;
	return notify->story.reboot_is_reload || strcmp(value, "status") == 0 ? 0 : -EINVAL;
}

/* Seconds, by which each sign of the guest's life extends the start timeout. */
static int set_extend_start(struct notify *notify, const char *value)
{
	const struct field field = {.value = value, .value_length = strlen(value)};
	unsigned long long seconds;

	if (!field_number(&field, EXTEND_START_MAX_SEC, &seconds))
		return -EINVAL;
	notify->story.extend_usec = seconds * USEC_PER_SEC;
	return 0;
}

static int notify_config(void *user, const char *key, const char *value)
{
	static const struct {
		const char *key;
		int (*set)(struct notify *notify, const char *value);
	} keys[] = {
		{"ready-unit", set_ready_unit},
		{"on-restore", set_on_restore},
		{"track", set_track},
		{"reboot", set_reboot},
		{"extend-start", set_extend_start},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(key, keys[i].key) == 0)
			return keys[i].set(user, value);
	return -ENOENT;
}

static int notify_peek(void *user, const char *text, size_t length)
{
	const size_t barrier = strlen(BARRIER_TEXT);

	(void)user;
	if (length >= barrier && memcmp(text, BARRIER_TEXT, barrier) == 0 &&
	    (length == barrier || (length == barrier + 1 && text[barrier] == '\n')))
		return VSN_VERDICT_COMPLETE;
	return pid1_recognises(text, length) ? VSN_VERDICT_BRIEF : VSN_VERDICT_PATIENT;
}

static void field_seen(void *user, const struct field *field, bool refused)
{
	struct notify *notify = user;
	const struct vsn_host *host = notify->host;

	if (field_name_begins(field, "X_SYSTEMD_"))
		host->log(host, VSN_LOG_INFO, "guest: %.*s=%.*s", (int)field->name_length,
		          field->name, (int)field->value_length, field->value);
	else if (refused && refused_first_time(&notify->refused, field))
		host->log(host, VSN_LOG_INFO, "not passed on (said once): %.*s=%.*s",
		          (int)field->name_length, field->name, (int)field->value_length,
		          field->value);
}

static void tell_text(struct notify *notify, enum vsn_send_class send_class, const char *text)
{
	notify->host->send(notify->host, (int)send_class, text, strlen(text));
}

static int tell(struct notify *notify)
{
	const struct translation *translation = &notify->translation;
	int r;

	if (translation->length == 0)
		return 0;
	r = notify->host->send(notify->host,
	                       translation->state ? VSN_SEND_STATE : VSN_SEND_PROGRESS,
	                       translation->text, translation->length);
	/* A full backlog is the shim's business, which has logged what it dropped. */
	return r == -ENOBUFS ? 0 : r;
}

static void report(struct notify *notify, enum vsn_event_type type, uint64_t now_usec, int number)
{
	const struct vsn_event event = {
		.struct_size = sizeof(event),
		.type = type,
		.now_usec = now_usec,
		.number = number,
	};

	if (VSN_HOST_HAS(notify->host, event) && notify->host->event)
		notify->host->event(notify->host, &event);
}

/* What the last translation says of the guest, for whoever else wants to know. */
static void report_news(struct notify *notify, uint64_t now_usec)
{
	const struct translation *translation = &notify->translation;

	if (notify->ended && translation->systemd && !translation->shutdown)
		report(notify, VSN_EVENT_GUEST_BOOTING, now_usec, 0);
	if (translation->systemd)
		notify->ended = translation->shutdown;
	if (translation->news == LIFE_READY)
		report(notify, VSN_EVENT_GUEST_READY, now_usec, 0);
	else if (translation->news == LIFE_EMERGENCY)
		report(notify, VSN_EVENT_GUEST_EMERGENCY, now_usec, 0);
	if (translation->exit_status >= 0)
		report(notify, VSN_EVENT_GUEST_EXIT, now_usec, translation->exit_status);
}

static int notify_message(void *user, const struct vsn_message *message)
{
	struct notify *notify = user;
	const struct vsn_host *host = notify->host;
	struct translation *translation = &notify->translation;
	long length = fields_length(message->text, message->length);
	int r;

	if (length < 0) {
		host->log(host, VSN_LOG_INFO,
		          "message %llu refused: it has a NUL byte in it (%zu bytes)",
		          (unsigned long long)message->id, message->length);
		return 0;
	}
	translate_message(&notify->life, &notify->story, message->text, (size_t)length,
	                  message->now_usec, translation, field_seen, notify);
	host->set_timer(host, notify->life.held_until_usec);
	if (translation->malformed)
		host->log(host, VSN_LOG_INFO,
		          "message %llu has %u lines that are no NAME=VALUE: not passed on",
		          (unsigned long long)message->id, translation->malformed);
	r = tell(notify);
	report_news(notify, message->now_usec);
	if (r == 0 && translation->barrier)
		r = host->barrier(host);
	return r == -ENOBUFS ? 0 : r;
}

static void notify_timer(void *user, uint64_t now_usec)
{
	struct notify *notify = user;

	translate_time(&notify->life, &notify->story, now_usec, &notify->translation);
	tell(notify);
	report_news(notify, now_usec);
}

/* Of the VM, told by the VMM. */
static void notify_event(void *user, const struct vsn_event *event)
{
	struct notify *notify = user;

	switch (event->type) {
	case VSN_EVENT_VM_REBOOTED:
		life_over(&notify->life);
		notify->host->set_timer(notify->host, 0);
		notify->ended = false;
		story_rebooted(&notify->story, event->now_usec, &notify->translation);
		tell(notify);
		report(notify, VSN_EVENT_GUEST_BOOTING, event->now_usec, 0);
		break;
	case VSN_EVENT_VM_RESTORED:
		if (!notify->wait_when_restored) {
			notify->story.ready = true;
			tell_text(notify, VSN_SEND_STATE, "READY=1\nSTATUS=VM restored.");
			report(notify, VSN_EVENT_GUEST_READY, event->now_usec, 0);
		}
		break;
	case VSN_EVENT_VM_PAUSED:
		tell_text(notify, VSN_SEND_PROGRESS, "STATUS=VM paused.");
		break;
	case VSN_EVENT_VM_RESUMED:
		tell_text(notify, VSN_SEND_PROGRESS, "STATUS=VM running again.");
		break;
	case VSN_EVENT_GUEST_PANIC:
		tell_text(notify, VSN_SEND_STATE, "STATUS=Guest kernel panicked.");
		break;
	default:
		break;
	}
}

static void notify_close(void *user)
{
	free(user);
}

static const struct vsn_plugin notify_plugin = {
	.name = "notify",
	.version = "0.1.0",
	.description = "passes a guest's sd_notify(3) messages on to the host's service manager",
	.config_help =
		"ready-unit=UNIT  the guest is ready when it announces this unit, "
		"not at READY=1\n"
		"on-restore=ready|wait  whether a VM restored from a snapshot is ready "
		"[ready]\n"
		"track=on|off  tell of boot progress, power-off and reboots too [off; run: on]\n"
		"reboot=status|reloading  how a reboot is told of, with track=on [status]\n"
		"extend-start=SEC  each sign of life extends the start timeout, with track=on "
		"[0]\n",
	.open = notify_open,
	.config = notify_config,
	.peek = notify_peek,
	.message = notify_message,
	.timer = notify_timer,
	.close = notify_close,
	.event = notify_event,
};

VSN_REGISTER_PLUGIN(notify_plugin);
