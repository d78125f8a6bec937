/* SPDX-License-Identifier: Apache-2.0 */
/* What "vsock-notify run" is told on its command line: all that serve takes, and more. */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include <stdbool.h>

#include "bridge/bridge_options.h"
#include "run/vmm/plan.h"

struct run_options {
	struct bridge_options
		serve; /* first: the functions of serve's table take it by this address */
	enum vmm_kind vmm;
	enum vmm_credential credential;
	const char *vsock; /* NULL: to be found on the VMM's command line */
	const char *argv0; /* NULL: the VMM's own */
	uint64_t stop_timeout_usec;
	bool vmm_exit_status;   /* --exit-status=vmm */
	bool fail_on_emergency; /* --on-emergency=fail */
	bool print;
};

extern const struct option_entry run_option_table[];

void run_options_init(struct run_options *options);

#endif
