/* SPDX-License-Identifier: Apache-2.0 */
/* The options of "vsock-notify run": all of the bridge's, and more. */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include <stdbool.h>

#include "bridge/bridge_options.h"
#include "run/vmm/plan.h"

struct run_options {
	/* The first member: functions of bridge_option_table get the address of this struct as one of bridge_options. */
	struct bridge_options serve;
	enum vmm_kind vmm;
	enum vmm_credential credential;
	const char *vsock; /* NULL: it is on the VMM's command line */
	const char *argv0; /* argv[0] of the VMM; NULL: its program */
	uint64_t stop_timeout_usec;
	uint64_t linger_usec;
	const char *stop_command; /* NULL: none */
	int vmm_exit_status;      /* 1: --exit-status=vmm */
	uint32_t unknown_exit_status;
	uint32_t reboot_exit_status;
	int fail_on_emergency; /* 1: --on-emergency=fail */
	bool exit_on_reboot;   /* --reboot=exit */
	int no_event_monitor;  /* 1: --event-monitor=no */
	bool follow;           /* the launcher exits and leaves the VMM behind */
	bool on_restore_ready; /* --on-restore=ready was given, and is not only the default */
	bool print;
};

extern const struct option_entry run_option_table[];

void run_options_init(struct run_options *options);

/*
 * Refuses options that can have no effect on this VMM. Returns 0, or -EINVAL with the failure set: which
 * option, why, and what to write.
 */
int run_options_check(const struct run_options *options, const struct vmm_plan *plan,
                      struct failure *failure);

#endif
