/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may pass from a guest to the host's service manager: an allow-list. Pure.
 *
 * sd_notify(3)'s fields are orders to the service manager (MAINPID= says which process it is to kill,
 * FDSTORE= what it is to keep, WATCHDOG=trigger that the unit has failed), so a field passes only
 * where the table says so: by default, where the user asks for it (allow=), or never, whatever is
 * asked. What a later systemd invents does not pass by itself. docs/security.md has the table with the
 * reasons.
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
	POLICY_EXTENSION, /* X_*, a private extension of somebody's: the service manager ignores it */
	POLICY_SYSTEMD, /* X_SYSTEMD_*: read here, passed on only where asked for, as an extension */
	POLICY_REFUSED
};

/* Bounds of what allow= may list, and of a name in it with its NUL. */
#define POLICY_EXTENSION_NAME_MAX 64
#define POLICY_EXTENSIONS_MAX     16

struct policy {
	uint32_t allowed; /* kinds as bits: pass when a guest sends them */
	uint32_t denied;  /* likewise: the user wants none of them, wherever they come from */
	/* X_ fields that pass, by name; one that ends in '*' is a beginning. */
	char extensions[POLICY_EXTENSIONS_MAX][POLICY_EXTENSION_NAME_MAX];
	unsigned extension_count;
};

/* The safe default. */
void policy_init(struct policy *policy);

/*
 * Lets a field pass, or keeps it back, by its name (of X_ fields also "X_NAME*"). Returns NULL, or
 * why that cannot be, as half a sentence. The last word counts.
 */
const char *policy_allow(struct policy *policy, const char *name);
const char *policy_deny(struct policy *policy, const char *name);

/* What a field is; POLICY_REFUSED also for a value that the field may not have. */
enum policy_field policy_classify(const struct field *field);

/* Whether a field of that kind, as policy_classify() gives it, passes when a guest sends it. */
bool policy_passes(const struct policy *policy, enum policy_field kind, const struct field *field);

/* Whether the user wants no field of that kind, wherever it comes from. */
bool policy_denies(const struct policy *policy, enum policy_field kind);

#endif
