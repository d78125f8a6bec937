/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may pass from a guest to the host's service manager: an allow-list. Pure.
 *
 * sd_notify(3)'s fields are orders to the service manager (MAINPID= says which process it is to kill,
 * FDSTORE= what it is to keep, WATCHDOG=trigger that the unit has failed), so a field passes only
 * where the table names it; what a later systemd invents does not pass by itself.
 */
#ifndef POLICY_H
#define POLICY_H

#include <stdbool.h>

#include "fields.h"

enum policy_field {
	POLICY_READY,
	POLICY_STOPPING,
	POLICY_STATUS,
	POLICY_EXTEND_TIMEOUT,
	POLICY_EXIT_STATUS,
	POLICY_BARRIER,
	POLICY_SYSTEMD, /* X_SYSTEMD_*: read here, not passed on */
	POLICY_REFUSED
};

enum policy_field policy_classify(const struct field *field);

/* Whether a field of that kind is a change of state, not to be dropped from a backlog. */
bool policy_is_state(enum policy_field kind);

#endif
