/* SPDX-License-Identifier: Apache-2.0 */
/* An outbox for a host's address at which nobody is yet, and a loop driven by hand. */
#ifndef OUTBOX_FIXTURE_H
#define OUTBOX_FIXTURE_H

#include <errno.h>

#include "base/log.h"
#include "harness.h"
#include "harness_host.h"
#include "harness_loop.h"
#include "manager/outbox.h"

#define STATE    VSN_SEND_STATE
#define PROGRESS VSN_SEND_PROGRESS

static struct loop loop;
static struct outbox outbox;
static char *folder;
static struct address address;
static int idle_calls;

static inline void idle(void *user)
{
	ck_assert_ptr_eq(user, &outbox);
	idle_calls++;
}

static inline void setup(void)
{
	log_set_level(0);
	folder = harness_folder();
	address = harness_address(harness_path(folder, "notify"));
	ck_assert_int_eq(loop_init(&loop), 0);
	ck_assert_int_eq(outbox_init(&outbox, &loop, &address), 0);
}

static inline void teardown(void)
{
	outbox_deinit(&outbox);
	loop_deinit(&loop);
	harness_remove(folder);
}

#endif
