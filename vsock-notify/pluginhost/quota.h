/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits how much progress (VSN_SEND_PROGRESS: STATUS= and the like) the service manager is told in a time, so that a guest
 * cannot keep it busy. Pure; the clock is handed in.
 *
 * Each connecting process has a bucket of its own, so that one process cannot use up another's. All processes together have
 * one bucket too, because there can be many processes. A part of each bucket is reserved for messages of the guest's PID 1:
 * a boot has dozens of them, and they are the ones that matter. The burst is far more than a big guest's boot needs. What is
 * over the limit is dropped: only the newest progress counts, and its sender must not be held. Changes of state are not
 * counted here; the plugin limits them.
 */
#ifndef QUOTA_H
#define QUOTA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rate.h"

#define QUOTA_BURST         20000
#define QUOTA_RESERVE       2000
#define QUOTA_INTERVAL_USEC UINT64_C(1000)

/* The bucket of all processes together. */
#define QUOTA_ALL_BURST         40000
#define QUOTA_ALL_INTERVAL_USEC UINT64_C(500)

#define QUOTA_PROCESSES 8

/* Zero-initialise. */
struct quota {
	struct quota_process {
		int64_t pid;
		uint64_t last_usec;
		struct rate rate;
	} processes[QUOTA_PROCESSES];
	struct rate all;
	uint64_t exceeded; /* messages that were dropped; the caller counts them */
};

/* Whether process pid may tell of progress now; by_pid1: its message is a PID 1's. */
bool quota_take(struct quota *quota, int64_t pid, bool by_pid1, uint64_t now_usec);

#endif
