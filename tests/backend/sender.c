/* SPDX-License-Identifier: Apache-2.0 */
/* A guest's process: sends one notification after another, each when the last was answered. */
#include "sender.h"

#include "plan.h"

#include <errno.h>
#include <string.h>

/* So many failures are printed, more are only counted. */
#define FAILURES_TOLD 20

static const char *explain(int error)
{
	switch (error) {
	case -ENOTCONN:
		return "answered before its shutdown()";
	case -EPROTO:
		return "the host sent bytes; it must send a program none";
	case -ETIMEDOUT:
		return "not answered within --timeout";
	case -EPIPE:
		return "the host closed before the whole message was passed";
	case -ECONNRESET:
		return "the host closed with bytes unread";
	default:
		return strerror(-error);
	}
}

static void tell_failure(struct sender *sender, const struct message *message,
                         const struct outcome *outcome)
{
	if (atomic_fetch_add(&sender->run->failures, 1) >= FAILURES_TOLD)
		return;
	fprintf(stderr, "stand-in: %s, sender %u: '%.*s' after %ld usec: %s\n",
	        kind_name(message->kind), sender->index,
	        (int)strnlen(message->bytes, message->length < 60 ? message->length : 60),
	        message->bytes, outcome->held_usec, explain(outcome->error));
}

static void report_progress(struct run *run)
{
	unsigned int sent = atomic_fetch_add(&run->sent, 1) + 1;

	if (run->options->progress && sent % run->options->progress == 0)
		printf("progress %u\n", sent);
}

/* Whether the VMM loses the sender's next message. */
static bool loses(struct sender *sender, const struct message *message)
{
	const struct options *options = sender->run->options;

	if (message->kind == KIND_BAD)
		return false;
	sender->played++;
	if (options->rst && sender->meets_rst)
		return true;
	if (options->lose_ready && !sender->ready_is_lost && message_is_ready(message)) {
		sender->ready_is_lost = true;
		return true;
	}
	return sender->played == options->lose;
}

/* verify.awk finds the message's number in the line. */
static void tell_lost(const struct message *message)
{
	const char *end = memchr(message->bytes, '\n', message->length);
	size_t length = end ? (size_t)(end - message->bytes) : message->length;

	printf("lost %.*s\n", (int)length, message->bytes);
}

static struct outcome play_or_lose(struct sender *sender, const struct message *message,
                                   const struct plan *plan)
{
	const struct backend *backend = &sender->run->options->backend;

	if (!loses(sender, message))
		return connection_play(backend, plan, message->bytes);
	tell_lost(message);
	if (sender->run->options->unseen)
		return (struct outcome){.error = -ECONNRESET, .lost = true};
	return connection_lose(backend, plan);
}

static void play(struct sender *sender, const struct message *message, const struct plan *plan)
{
	struct outcome outcome = play_or_lose(sender, message, plan);

	sender->meets_rst = outcome.leaves_rst;
	if (tally_count(&sender->tallies[message->kind], message->kind, &outcome) < 0)
		tell_failure(sender, message, &outcome);
	if (message->kind != KIND_BAD)
		report_progress(sender->run);
}

static void play_good(struct sender *sender, const struct message *message)
{
	struct plan plan;

	plan_draw(&plan, sender->run->options, message, &sender->prng);
	play(sender, message, &plan);
}

static void run_pid1(struct sender *sender)
{
	struct message message;

	for (unsigned int i = 0; i < sender->count; i++) {
		message_pid1(&message, sender->index, i, &sender->sequence);
		play_good(sender, &message);
	}
}

static void run_program(struct sender *sender)
{
	struct message message;

	for (unsigned int i = 0; i < sender->count; i++) {
		message_program(&message, sender->index, &sender->sequence);
		play_good(sender, &message);
		if (sender->run->options->barrier) {
			message_barrier(&message);
			play_good(sender, &message);
		}
	}
}

static void run_script(struct sender *sender)
{
	const struct script *script = &sender->run->script;
	double speed = sender->run->options->speed;
	struct message message;

	for (size_t i = 0; i < script->count; i++) {
		const struct script_line *line = &script->lines[i];

		if (!sender->plays[line->kind])
			continue;
		if (speed > 0)
			wait_until(sender->run->start_usec + (int64_t)(line->at_usec / speed));
		message.kind = line->kind;
		message.length = line->length;
		memcpy(message.bytes, line->bytes, line->length);
		play_good(sender, &message);
	}
}

static void run_bad(struct sender *sender)
{
	struct message message;
	struct plan plan;

	message_bad(&message, sender->bad);
	for (unsigned int i = 0; i < sender->count; i++) {
		plan_draw_bad(&plan, sender->run->options, &message, sender->bad,
		              sender->run->release_fd, &sender->prng);
		play(sender, &message, &plan);
	}
}

void *sender_main(void *argument)
{
	struct sender *sender = argument;

	switch (sender->role) {
	case SENDER_PID1:
		run_pid1(sender);
		break;
	case SENDER_PROGRAM:
		run_program(sender);
		break;
	case SENDER_SCRIPT:
		run_script(sender);
		break;
	case SENDER_BAD:
		run_bad(sender);
		break;
	}
	return NULL;
}

void sender_print(const struct sender *sender, FILE *file)
{
	if (sender->role == SENDER_PID1)
		fprintf(file, "sender u%u numbered=%u\n", sender->index, sender->sequence);
	else if (sender->role == SENDER_PROGRAM)
		fprintf(file, "sender p%u numbered=%u\n", sender->index, sender->sequence);
}
