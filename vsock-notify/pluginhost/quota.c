/* SPDX-License-Identifier: Apache-2.0 */
/* Limits progress (rules: quota.h). */
#include "quota.h"

/* The process's entry. If it has none, it gets the one that was used longest ago. */
static struct quota_process *find(struct quota *quota, int64_t pid)
{
	struct quota_process *oldest = &quota->processes[0];

	for (unsigned i = 0; i < QUOTA_PROCESSES; i++) {
		if (quota->processes[i].pid == pid)
			return &quota->processes[i];
		if (quota->processes[i].last_usec < oldest->last_usec)
			oldest = &quota->processes[i];
	}
	*oldest = (struct quota_process){.pid = pid};
	return oldest;
}

bool quota_take(struct quota *quota, int64_t pid, bool by_pid1, uint64_t now_usec)
{
	static const struct rate_rule one = {QUOTA_BURST, QUOTA_INTERVAL_USEC};
	static const struct rate_rule all = {QUOTA_ALL_BURST, QUOTA_ALL_INTERVAL_USEC};
	struct quota_process *process = find(quota, pid);
	uint32_t reserve = by_pid1 ? 0 : QUOTA_RESERVE;
	struct rate before = process->rate;

	process->last_usec = now_usec;
	if (!rate_pass_but(&process->rate, &one, reserve, now_usec))
		return false;
	if (rate_pass_but(&quota->all, &all, reserve, now_usec))
		return true;
	process->rate = before;
	return false;
}
