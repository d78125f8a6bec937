/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may pass from a guest to the host's service manager: an allow-list. Pure.
 *
 * Some of sd_notify(3)'s fields are orders to the service manager: MAINPID= says which process it kills, FDSTORE= what it
 * keeps, WATCHDOG=trigger that the unit has failed. So a field passes only if the table says so: by default, if the user allows
 * it (allow=), or never. A field that a later systemd invents does not pass. docs/security.md has the table with the reasons.
 */
#ifndef POLICY_H
#define POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "fields.h"

enum policy_field {
	POLICY_READY,
	POLICY_STOPPING,
	POLICY_STATUS,
	POLICY_EXTEND_TIMEOUT,
	POLICY_EXIT_STATUS,
	POLICY_BARRIER,
	POLICY_RELOADING,
	POLICY_WATCHDOG,
	POLICY_ERRNO,
	POLICY_BUSERROR,
	POLICY_VARLINKERROR,
	POLICY_EXTENSION, /* X_*, a private extension, which the service manager ignores */
	POLICY_SYSTEMD, /* X_SYSTEMD_*: read by this plugin, passed on only if allowed, as an extension */
	POLICY_REFUSED
};

/* Bounds of what allow= may list, and of a name in it with its NUL. */
#define POLICY_EXTENSION_NAME_MAX 64
#define POLICY_EXTENSIONS_MAX     16

struct policy {
	uint32_t allowed; /* kinds as bits: pass when a guest sends them */
	uint32_t
		denied; /* kinds as bits: never sent, also where this plugin would add them itself */
	/* Names of X_ fields that pass; a name that ends in '*' stands for all that begin so. */
	char extensions[POLICY_EXTENSIONS_MAX][POLICY_EXTENSION_NAME_MAX];
	unsigned extension_count;
};

/* The safe default. */
void policy_init(struct policy *policy);

/*
 * Lets a field pass, or not, by its name (for X_ fields also "X_NAME*"). Returns NULL, or the reason why that is not possible,
 * as half a sentence. Of several calls for a field the last one counts.
 */
const char *policy_allow(struct policy *policy, const char *name);
const char *policy_deny(struct policy *policy, const char *name);

/* What a field is; POLICY_REFUSED also for a value that the field may not have. */
enum policy_field policy_classify(const struct field *field);

/* Whether a field of that kind, as policy_classify() gives it, passes when a guest sends it. */
bool policy_passes(const struct policy *policy, enum policy_field kind, const struct field *field);

/* Whether the user has denied that kind: it is not sent at all, also not by this plugin itself. */
bool policy_denies(const struct policy *policy, enum policy_field kind);

#endif
