/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: what the VMM says. run/vmm/ch_event and run/event_monitor (its JSON events, in any pieces), and
 * the answers of its API, run/vmm/api and run/api_client.
 *
 * The first byte: its lowest bits say which, the rest how long a piece is. The bytes that the JSON library
 * is given end where readable memory ends: it is not built with sanitizers.
 */
#include "run/vmm/ch_event.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "fuzz.h"
#include "run/api_client.h"
#include "run/event_monitor.h"

#define ROOM (4 * CH_EVENT_MAX)

/* A copy of bytes right before a page that cannot be read. Overwritten by the next call. */
static const char *at_the_edge(const char *bytes, size_t length)
{
	static char *edge;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (!edge) {
		char *memory = mmap(NULL, ROOM + page, PROT_READ | PROT_WRITE,
		                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		FUZZ_CHECK(memory != MAP_FAILED);
		edge = memory + ROOM;
		FUZZ_CHECK(mprotect(edge, page, PROT_NONE) == 0);
	}
	FUZZ_CHECK(length <= ROOM);
	return memcpy(edge - length, bytes, length);
}

static bool is_known(enum vsn_event_type event)
{
	return event == VSN_EVENT_GUEST_PANIC ||
	       (event >= VSN_EVENT_VM_REBOOTED && event <= VSN_EVENT_VM_RESTORED);
}

static void check_objects(const char *bytes, size_t length)
{
	length = length < CH_EVENT_MAX ? length : CH_EVENT_MAX;
	while (length > 0) {
		const char *copy = at_the_edge(bytes, length);
		enum vsn_event_type event = CH_EVENT_NONE;
		size_t n = ch_event_next(copy, length, &event);

		FUZZ_CHECK(n <= length && (event == CH_EVENT_NONE || is_known(event)));
		if (n == 0)
			return;
		/* What is of interest has both words in it. */
		if (event != CH_EVENT_NONE)
			FUZZ_CHECK(n >= strlen("{\"event\":\"x\",\"source\":\"vm\"}"));
		bytes += n;
		length -= n;
	}
}

static void event_came(struct event_monitor *monitor, enum vsn_event_type event)
{
	(void)monitor;
	FUZZ_CHECK(is_known(event));
}

static void check_monitor(const char *bytes, size_t length, size_t piece)
{
	struct event_monitor monitor;
	struct loop loop = {.epoll = -1, .timer_fd = -1};

	FUZZ_CHECK(event_monitor_init(&monitor, &loop) == 0);
	monitor.event = event_came;
	for (size_t n; length > 0; bytes += n, length -= n) {
		n = piece < length ? piece : length;
		FUZZ_CHECK(write(monitor.write_fd, bytes, n) == (ssize_t)n);
		for (size_t reads = 0; reads <= n / sizeof(monitor.bytes); reads++) {
			monitor.source.callback(&monitor.source);
			/* There is always room to read into: no busy loop. */
			FUZZ_CHECK(monitor.length < sizeof(monitor.bytes));
		}
	}
	event_monitor_deinit(&monitor);
}

static int answers;
static enum api_result result;

static void answered(struct api_client *client, enum api_result with, const char *words)
{
	FUZZ_CHECK(client->fd == -1 && client->length < sizeof(client->reply));
	/* One line for the log. */
	FUZZ_CHECK(!strpbrk(words, "\r\n"));
	answers++;
	result = with;
}

/* What a VMM says that has its guest shut down. */
static bool may_be_a_yes(enum vmm_api api, const char *bytes, size_t length)
{
	const char *word = api == VMM_API_QMP ? "return" : "HTTP/1.";

	return memmem(bytes, length, word, strlen(word));
}

/* Nothing but the answers moves the client: it goes through its requests, and ends once. */
static void check_reply(enum vmm_api api, const char *bytes, size_t length, size_t piece)
{
	struct loop loop = {.epoll = -1, .timer_fd = -1};
	const char *all = bytes;
	const size_t all_length = length;
	struct api_client client;
	int ends[2];

	FUZZ_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
	api_client_init(&client, &loop);
	client.answer = answered;
	client.fd = ends[0];
	client.api = api;
	client.count = vmm_api_requests(api, true, client.requests);
	answers = 0;
	while (answers == 0) {
		size_t n = piece < length ? piece : length;

		if (n == 0)
			shutdown(ends[1], SHUT_WR);
		else
			FUZZ_CHECK(write(ends[1], bytes, n) == (ssize_t)n);
		bytes += n;
		length -= n;
		client.source.callback(&client.source);
	}
	FUZZ_CHECK(answers == 1);
	if (result == API_SHUTS_DOWN)
		FUZZ_CHECK(client.next == client.count && may_be_a_yes(api, all, all_length));
	api_client_cancel(&client);
	close(ends[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	uint8_t first = fuzz_byte(&input);
	size_t length;
	const char *bytes = fuzz_take(&input, ROOM, &length);
	size_t piece = first / 4u == 63 ? ROOM : first / 4u * 16u + 1u;

	log_set_level(0);
	if (first & 1) {
		check_reply(first & 2 ? VMM_API_QMP : VMM_API_CLOUD_HYPERVISOR, bytes, length,
		            piece);
	} else {
		check_objects(bytes, length);
		check_monitor(bytes, length, piece);
	}
	return 0;
}
