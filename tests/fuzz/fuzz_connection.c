/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: guest/connection, up to four guests that connect, send in pieces, end half or whole, while
 * timers fire in any order, the host is there or not, and the plugin has any opinion.
 *
 * Steps of one byte: its low two bits say which guest, the others what happens (enum act); what a piece
 * is made of follows, also what a guest has sent before it is seen to connect (the byte's highest bit).
 * The plugin's verdict is what a message begins with: 'C' complete (if only line ends follow), 'B' brief,
 * 'Y' brief and answered with a byte.
 *
 * What must hold: a guest's message arrives at most once and whole (one that was said to be complete may come
 * once again, when it has become another message), one of no bytes or too many never; a guest
 * gets one byte at most, and none if its message does not begin with 'Y'.
 */
#include "guest/admission.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/delivery.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/macros.h"
#include "fuzz.h"
#include "manager/outbox.h"

#define GUESTS    4
#define STEPS_MAX 48
#define HOUR_USEC (3600 * USEC_PER_SEC)

enum act {
	ACT_CONNECT,
	ACT_SEND,
	ACT_RUN,
	ACT_HALF_CLOSE,
	ACT_CLOSE,
	ACT_ROUND,
	ACT_TIMER,
	ACT_HOST, /* the host comes, or goes */
	ACTS
};

struct guest {
	int fd; /* -1: not connected */
	uint64_t id;
	char sent[2 * MESSAGE_MAX];
	size_t length;
	bool ended;        /* has said its last */
	size_t delivered;  /* length of the last delivery */
	unsigned messages; /* how many deliveries */
};

/* All of one input. */
static struct guest guests[GUESTS];
static struct loop loop;
static struct outbox outbox;
static struct connections all;
static struct address host_address;
static int host_fd;

static struct guest *guest_of(uint64_t id)
{
	FUZZ_CHECK(id > 0);
	for (int i = 0; i < GUESTS; i++)
		if (guests[i].id == id)
			return &guests[i];
	return NULL;
}

/* What begins with 'C' is complete, and stays so as long as only line ends follow. */
static bool is_complete(const char *text, size_t length)
{
	if (*text != 'C')
		return false;
	for (size_t i = 1; i < length; i++)
		if (text[i] != '\n')
			return false;
	return true;
}

static enum vsn_verdict verdict_of(const char *text, size_t length)
{
	if (is_complete(text, length))
		return VSN_VERDICT_COMPLETE;
	if (*text == 'Y')
		return VSN_VERDICT_BYTE;
	return *text == 'B' ? VSN_VERDICT_BRIEF : VSN_VERDICT_NONE;
}

static enum vsn_verdict peek(struct connections *connections, const char *text, size_t length)
{
	FUZZ_CHECK(connections == &all);
	FUZZ_CHECK(length > 0 && length <= MESSAGE_MAX && text[length] == '\0');
	return verdict_of(text, length);
}

static void deliver(struct connections *connections, struct delivery *message)
{
	struct guest *guest = guest_of(message->id);

	FUZZ_CHECK(connections == &all && !message->hold.released && message->hold.pending == 0);
	FUZZ_CHECK(guest && message->length > 0 && message->length <= MESSAGE_MAX);
	FUZZ_CHECK(message->text[message->length] == '\0');
	FUZZ_CHECK(message->length <= guest->length);
	FUZZ_CHECK(memcmp(message->text, guest->sent, message->length) == 0);
	if (is_complete(message->text, message->length)) {
		FUZZ_CHECK(guest->messages == 0);
	} else {
		FUZZ_CHECK(guest->ended && message->length == guest->length);
		/* It may have been taken as complete before more bytes came. */
		FUZZ_CHECK(guest->messages == 0 ||
		           (guest->messages == 1 && guest->delivered < message->length &&
		            is_complete(guest->sent, guest->delivered)));
	}
	guest->delivered = message->length;
	guest->messages++;
	outbox_queue(&outbox, VSN_SEND_STATE, message->text, message->length, &message->hold);
	outbox_flush(&outbox);
}

static void cancel(struct connections *connections, struct hold *hold)
{
	FUZZ_CHECK(connections == &all && hold->pending > 0);
	outbox_cancel(&outbox, hold);
}

static void pump_event(struct loop_fd *source)
{
	(void)source;
	loop_stop(&loop);
}

/* The host's service manager, which takes nothing until its queue is full, or is not there. */
static void toggle_host(void)
{
	if (host_fd >= 0) {
		close_fd(&host_fd);
		return;
	}
	host_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	FUZZ_CHECK(host_fd >= 0 && bind(host_fd, &host_address.any, host_address.length) == 0);
}

/* One round of the loop that does not block. */
static void one_round(void)
{
	struct loop_fd pump = {.callback = pump_event, .late = true};
	int fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);

	FUZZ_CHECK(fd >= 0 && loop_fd_add(&loop, &pump, fd, EPOLLIN) == 0);
	FUZZ_CHECK(loop_run(&loop) == 0);
	loop_fd_remove(&loop, &pump);
	close(fd);
	loop.stopped = false;
}

/* The earliest timer fires as if its time had come. */
static void fire_timer(void)
{
	struct loop_timer *timer = loop.timers;
	uint64_t deadline_usec;

	if (!timer)
		return;
	deadline_usec = timer->deadline_usec;
	loop_timer_cancel(timer);
	timer->callback(timer, max_u64(deadline_usec, now_usec()));
}

static void at_most_its_byte_for_the_guest(const struct guest *guest)
{
	char bytes[2];

	FUZZ_CHECK(recv(guest->fd, bytes, sizeof(bytes), MSG_DONTWAIT) <=
	           (guest->length > 0 && *guest->sent == 'Y' ? 1 : 0));
}

static void send_bytes(struct guest *guest, const char *bytes, size_t length)
{
	size_t room = sizeof(guest->sent) - guest->length;
	ssize_t n;

	if (guest->fd < 0 || guest->ended)
		return;
	n = send(guest->fd, bytes, length < room ? length : room, MSG_NOSIGNAL);
	if (n <= 0)
		return;
	memcpy(guest->sent + guest->length, bytes, (size_t)n);
	guest->length += (size_t)n;
}

/* A guest connects, and has sent that much before anybody looks. */
static void connect_guest(struct guest *guest, const char *bytes, size_t length, bool bytes_first)
{
	int ends[2];

	if (guest->fd >= 0)
		return;
	FUZZ_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
	*guest = (struct guest){.fd = ends[0], .id = all.last_id + 1};
	send_bytes(guest, bytes, length);
	connections_add(&all, ends[1]);
	if (bytes_first)
		one_round();
	/* Not let in: then it is nobody, and whoever comes next has the number. */
	if (all.last_id != guest->id)
		guest->id = 0;
}

static void send_run(struct guest *guest, char byte, size_t length)
{
	char bytes[MESSAGE_MAX + 1];

	length = length < sizeof(bytes) ? length : sizeof(bytes);
	memset(bytes, byte, length);
	send_bytes(guest, bytes, length);
}

static void close_guest(struct guest *guest)
{
	if (guest->fd < 0)
		return;
	guest->ended = true;
	at_most_its_byte_for_the_guest(guest);
	close_fd(&guest->fd);
}

static void step(struct fuzz_input *input)
{
	uint8_t code = fuzz_byte(input);
	struct guest *guest = &guests[code % GUESTS];
	const char *bytes;
	size_t length;

	switch ((enum act)(code / GUESTS % ACTS)) {
	case ACT_CONNECT:
		length = (size_t)(code & 0x80 ? fuzz_byte(input) : 0);
		bytes = fuzz_take(input, length, &length);
		connect_guest(guest, bytes, length, code & 0x80);
		break;
	case ACT_SEND:
		bytes = fuzz_take(input, fuzz_byte(input), &length);
		send_bytes(guest, bytes, length);
		break;
	case ACT_RUN:
		length = fuzz_number(input, 2);
		send_run(guest, (char)fuzz_byte(input), length);
		break;
	case ACT_HALF_CLOSE:
		guest->ended = true;
		if (guest->fd >= 0)
			shutdown(guest->fd, SHUT_WR);
		break;
	case ACT_CLOSE:
		close_guest(guest);
		one_round();
		break;
	case ACT_ROUND:
		one_round();
		break;
	case ACT_TIMER:
		fire_timer();
		break;
	case ACT_HOST:
		toggle_host();
		break;
	case ACTS:
		break;
	}
}

/* The first byte: framing, whether the backend is known to pass half-closes, whether the host is there. */
static void begin(uint8_t flags)
{
	char name[64];
	const char *reason;

	log_set_level(0);
	snprintf(name, sizeof(name), "@vsock-notify-fuzz-%d", (int)getpid());
	FUZZ_CHECK(address_parse(name, &host_address, &reason) == 0);
	host_fd = -1;
	FUZZ_CHECK(loop_init(&loop) == 0);
	FUZZ_CHECK(outbox_init(&outbox, &loop, flags & 8 ? &host_address : NULL) == 0);
	all = (struct connections){
		.loop = &loop,
		.peek = peek,
		.deliver = deliver,
		.cancel = cancel,
		.waiting = {.mode = (enum waiting_mode)((flags & 3) % 3)},
		.frame_timeout_usec = HOUR_USEC,
		.max = flags & 16 ? GUESTS - 1 : GUESTS,
		.backend = {.pid = getpid(), .passes_half_close = flags & 4},
	};
	for (int i = 0; i < GUESTS; i++)
		guests[i] = (struct guest){.fd = -1};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};

	begin(fuzz_byte(&input));
	for (int i = 0; i < STEPS_MAX && input.left; i++)
		step(&input);
	one_round();
	FUZZ_CHECK(all.count <= all.max);
	connections_close_all(&all);
	FUZZ_CHECK(all.count == 0 && !all.first);
	for (int i = 0; i < GUESTS; i++)
		close_guest(&guests[i]);
	fire_timer();
	one_round();
	outbox_deinit(&outbox);
	close_fd(&host_fd);
	FUZZ_CHECK(!loop.timers);
	loop_deinit(&loop);
	return 0;
}
