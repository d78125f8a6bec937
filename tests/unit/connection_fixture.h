/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections between a guest (the other end of a pair of sockets), a plugin that records, and a host:
 * what the tests of guest/connection share. The deadline is an hour off: timers fire by hand only.
 */
#ifndef CONNECTION_FIXTURE_H
#define CONNECTION_FIXTURE_H

#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "guest/admission.h"
#include "harness.h"
#include "harness_host.h"
#include "harness_loop.h"
#include "manager/outbox.h"

#define HOUR_USEC (3600 * USEC_PER_SEC)

static struct loop loop;
static struct outbox outbox;
static struct address host_address;
static int host_fd = -1;
static char *folder;
static struct connections all;

/* What was delivered, "id:text;" each, and how often the verdict was asked for. */
static char messages[16384];
static unsigned peeks;
static enum vsn_verdict verdict;

static enum vsn_verdict fixture_peek(struct connections *connections, const char *text,
                                     size_t length)
{
	ck_assert_ptr_eq(connections, &all);
	ck_assert_int_eq(text[length], '\0');
	peeks++;
	return verdict;
}

/* Passes everything on as a change of state, and a barrier as one. */
static void fixture_deliver(struct connections *connections, struct delivery *delivery)
{
	size_t used = strlen(messages);
	int r;

	ck_assert_ptr_eq(connections, &all);
	ck_assert_int_eq(delivery->text[delivery->length], '\0');
	ck_assert_ptr_null(delivery->hold.released);
	snprintf(messages + used, sizeof(messages) - used, "%llu:%s;",
	         (unsigned long long)delivery->id, delivery->text);
	if (strcmp(delivery->text, BARRIER_TEXT) == 0)
		r = outbox_barrier(&outbox, &delivery->hold);
	else
		r = outbox_queue(&outbox, VSN_SEND_STATE, delivery->text, delivery->length,
		                 &delivery->hold);
	ck_assert(r == 0 || r == -ENOBUFS);
	outbox_flush(&outbox);
}

static void fixture_cancel(struct connections *connections, struct hold *hold)
{
	ck_assert_ptr_eq(connections, &all);
	outbox_cancel(&outbox, hold);
}

static inline void fixture_setup(void)
{
	log_set_level(0);
	folder = harness_folder();
	host_address = harness_address(harness_path(folder, "notify"));
	host_fd = harness_host(&host_address);
	ck_assert_int_eq(loop_init(&loop), 0);
	ck_assert_int_eq(outbox_init(&outbox, &loop, &host_address), 0);
	all = (struct connections){
		.loop = &loop,
		.peek = fixture_peek,
		.deliver = fixture_deliver,
		.cancel = fixture_cancel,
		.frame_timeout_usec = HOUR_USEC,
		.max = 4,
	};
	/* A slow guest, known of old: as much patience as there is, so that no timer fires by itself. */
	all.backend.pid = getpid();
	all.backend.recent_usec[WAITING_HISTORY - 1] = WAITING_PATIENT_MAX_USEC;
}

static inline void fixture_teardown(void)
{
	connections_close_all(&all);
	ck_assert_uint_eq(all.count, 0);
	outbox_deinit(&outbox);
	loop_deinit(&loop);
	close(host_fd);
	harness_remove(folder);
}

/* A guest that has sent text, if any, and connected: what is there has been read. */
static inline int guest_connect(const char *text)
{
	int ends[2];

	harness_pair(ends);
	if (*text)
		ck_assert_int_eq(write(ends[0], text, strlen(text)), (ssize_t)strlen(text));
	connections_add(&all, ends[1]);
	harness_round(&loop);
	return ends[0];
}

static inline void guest_send(int guest, const char *text)
{
	ck_assert_int_eq(write(guest, text, strlen(text)), (ssize_t)strlen(text));
	harness_round(&loop);
}

static inline void guest_half_close(int guest)
{
	ck_assert_int_eq(shutdown(guest, SHUT_WR), 0);
	harness_round(&loop);
}

static inline void guest_close(int guest)
{
	close(guest);
	harness_round(&loop);
}

/* Whether the guest's wait, a recv(2), has ended. Never is there a byte for it. */
static inline bool guest_goes_on(int guest)
{
	char byte;
	ssize_t n = read(guest, &byte, 1);

	ck_assert_msg(n <= 0, "a byte was written to the guest");
	if (n < 0)
		ck_assert_int_eq(errno, EAGAIN);
	return n == 0;
}

#endif
