/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: guest/message_buffer, bytes that come through a socket in any pieces, and guest/waiting_rule, the waiting
 * rule as a function of what was measured.
 *
 * The first byte says which. Frame: steps follow, each a byte c. c < 0x80: c + 1 bytes as they are;
 * c < 0xf0: a run of a byte, its length in the next two; else: all is read that there is. After each
 * piece one read(2)'s worth is taken.
 */
#include "guest/message_buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/delivery.h"
#include "base/macros.h"
#include "fuzz.h"
#include "guest/waiting_rule.h"

#define RUN_MAX   5000
#define STEPS_MAX 64

struct stream {
	int guest;
	int shim;
	struct message_buffer frame;
	size_t sent;
	char first[MESSAGE_MAX]; /* of what was sent */
	bool over;               /* ended or refused */
};

static void send_bytes(struct stream *stream, const char *bytes, size_t length)
{
	ssize_t n = send(stream->guest, bytes, length, MSG_NOSIGNAL);
	size_t room = sizeof(stream->first);

	if (n <= 0)
		return;
	for (size_t i = 0; i < (size_t)n && stream->sent + i < room; i++)
		stream->first[stream->sent + i] = bytes[i];
	stream->sent += (size_t)n;
}

static void send_run(struct stream *stream, char byte, size_t length)
{
	char bytes[RUN_MAX];

	memset(bytes, byte, length);
	send_bytes(stream, bytes, length);
}

/* One read. Returns whether there may be more. */
static bool read_once(struct stream *stream, bool ended)
{
	struct message_buffer *frame = &stream->frame;
	size_t before = frame->length;
	ssize_t n = message_buffer_read(frame, stream->shim);

	FUZZ_CHECK(frame->length <= MESSAGE_MAX);
	FUZZ_CHECK(frame->length == before + (n > 0 ? (size_t)n : 0));
	FUZZ_CHECK((frame->text == NULL) == (frame->length == 0));
	if (frame->text) {
		FUZZ_CHECK(frame->text[frame->length] == '\0');
		FUZZ_CHECK(memcmp(frame->text, stream->first, frame->length) == 0);
	}
	if (n > 0)
		return true;
	if (n == -EAGAIN || n == 0) {
		FUZZ_CHECK((n == 0) == ended);
		FUZZ_CHECK(frame->length == stream->sent);
	} else {
		FUZZ_CHECK(n == -EMSGSIZE && stream->sent > MESSAGE_MAX);
		stream->over = true;
	}
	return false;
}

static void step(struct stream *stream, struct fuzz_input *input)
{
	uint8_t code = fuzz_byte(input);
	const char *bytes;
	size_t length;

	if (code < 0x80) {
		bytes = fuzz_take(input, code + 1u, &length);
		send_bytes(stream, bytes, length);
	} else if (code < 0xf0) {
		length = fuzz_number(input, 2) % RUN_MAX + 1;
		send_run(stream, (char)fuzz_byte(input), length);
	} else {
		while (read_once(stream, false))
			continue;
		return;
	}
	read_once(stream, false);
}

static void fuzz_pieces(struct fuzz_input *input)
{
	struct stream stream = {0};
	int ends[2];

	FUZZ_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
	stream.guest = ends[0];
	stream.shim = ends[1];
	for (int i = 0; i < STEPS_MAX && input->left && !stream.over; i++)
		step(&stream, input);
	shutdown(stream.guest, SHUT_WR);
	while (!stream.over && read_once(&stream, true))
		continue;
	message_buffer_free(&stream.frame);
	FUZZ_CHECK(!stream.frame.text && stream.frame.length == 0);
	close(ends[0]);
	close(ends[1]);
}

static uint64_t within(unsigned __int128 value, uint64_t low, uint64_t high)
{
	return value < low ? low : value > high ? high : (uint64_t)value;
}

/* The rule of waiting_rule.h, in its words. */
static uint64_t expected_wait(const struct waiting_options *options, bool passes_half_close,
                              enum vsn_verdict verdict, uint64_t first_byte_usec,
                              uint64_t slowest_usec)
{
	if (options->mode == WAITING_SETTLE)
		return options->settle_usec;
	if (options->mode == WAITING_EOF || passes_half_close)
		return WAITING_FOR_EOF;
	if (verdict == VSN_VERDICT_BRIEF)
		return within((unsigned __int128)2 * first_byte_usec, WAITING_BRIEF_MIN_USEC,
		              WAITING_BRIEF_MAX_USEC);
	return within((unsigned __int128)4 * slowest_usec, WAITING_PATIENT_MIN_USEC,
	              WAITING_PATIENT_MAX_USEC);
}

static uint64_t number64(struct fuzz_input *input)
{
	unsigned shift = fuzz_byte(input) % 64;

	return (uint64_t)fuzz_number(input, 4) << shift | fuzz_byte(input);
}

static void fuzz_waits(struct fuzz_input *input)
{
	struct waiting_options options = {.mode = (enum waiting_mode)(fuzz_byte(input) % 3)};
	struct backend backend = {.pid = 7};
	enum vsn_verdict verdict = (enum vsn_verdict)(fuzz_byte(input) % 4);
	uint64_t first_usec = number64(input);
	uint64_t seen[WAITING_HISTORY] = {0};
	uint64_t slowest = 0;
	uint32_t wait;

	options.settle_usec = fuzz_number(input, 4);
	backend.passes_half_close = fuzz_byte(input) & 1;
	for (unsigned i = 0; input->left && i < 4 * WAITING_HISTORY; i++) {
		seen[i % WAITING_HISTORY] = number64(input);
		backend_seen_response(&backend, seen[i % WAITING_HISTORY]);
	}
	for (unsigned i = 0; i < WAITING_HISTORY; i++)
		slowest = max_u64(slowest, min_u64(seen[i], WAITING_PATIENT_MAX_USEC));
	FUZZ_CHECK(backend_slowest_response(&backend) == slowest);
	wait = waiting_time(&options, &backend, verdict, first_usec);
	FUZZ_CHECK(wait == expected_wait(&options, backend.passes_half_close, verdict, first_usec,
	                                 slowest));
	/* A guest that is slower is never waited for less. */
	if (first_usec < UINT64_MAX)
		FUZZ_CHECK(waiting_time(&options, &backend, verdict, first_usec + 1) >= wait);
	for (unsigned i = 0; i < WAITING_HISTORY; i++)
		backend_seen_response(&backend, slowest + 1);
	FUZZ_CHECK(waiting_time(&options, &backend, verdict, first_usec) >= wait);
	backend_seen_pid(&backend, 7);
	FUZZ_CHECK(backend_slowest_response(&backend) >= slowest);
	backend_seen_pid(&backend, 8);
	FUZZ_CHECK(backend_slowest_response(&backend) == 0 && !backend.passes_half_close);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};

	if (fuzz_byte(&input) & 1)
		fuzz_waits(&input);
	else
		fuzz_pieces(&input);
	return 0;
}
