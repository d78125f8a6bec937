/* SPDX-License-Identifier: Apache-2.0 */
/* What may pass from a guest to the host's service manager (theory: policy.h). */
#include "policy.h"

#include <limits.h>
#include <string.h>

#include "base/macros.h"

#define SYSTEMD_PREFIX   "X_SYSTEMD_"
#define EXTENSION_PREFIX "X_"

/* errno(3), and systemd's ERRNO_MAX. */
#define ERRNO_LARGEST 4095

/* D-Bus specification, "Valid Names": the longest; Varlink's are not longer in practice. */
#define ERROR_NAME_MAX 255

static bool is_one(const struct field *field)
{
	return field_value_is(field, "1");
}

static bool is_any(const struct field *field)
{
	(void)field;
	return true;
}

static bool is_microseconds(const struct field *field)
{
	unsigned long long number;

	return field_number(field, ULLONG_MAX, &number) && number > 0;
}

static bool is_exit_status(const struct field *field)
{
	unsigned long long number;

	return field_number(field, 255, &number);
}

static bool is_errno(const struct field *field)
{
	unsigned long long number;

	return field_number(field, ERRNO_LARGEST, &number);
}

/* "org.freedesktop.DBus.Error.TimedOut" */
static bool is_error_name(const struct field *field)
{
	static const char characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					 "0123456789_.-";

	for (size_t i = 0; i < field->value_length; i++)
		if (!memchr(characters, field->value[i], strlen(characters)))
			return false;
	return field->value_length > 0 && field->value_length <= ERROR_NAME_MAX;
}

enum passing {
	BY_DEFAULT,
	ON_REQUEST,
	NEVER
};

/* All of sd_notify(3) as of systemd 262. */
static const struct {
	const char *name;
	enum passing passing;
	enum policy_field kind;
	bool (*value)(const struct field *field); /* which values pass */
	const char *why;                          /* of what never passes */
} table[] = {
	{"READY", BY_DEFAULT, POLICY_READY, is_one, NULL},
	{"STATUS", BY_DEFAULT, POLICY_STATUS, is_any, NULL},
	{"STOPPING", BY_DEFAULT, POLICY_STOPPING, is_one, NULL},
	{"EXTEND_TIMEOUT_USEC", BY_DEFAULT, POLICY_EXTEND_TIMEOUT, is_microseconds, NULL},
	/* It is the guest's own only if it comes with X_SYSTEMD_SHUTDOWN. */
	{"EXIT_STATUS", BY_DEFAULT, POLICY_EXIT_STATUS, is_exit_status, NULL},
	/* Alone in its message only. */
	{"BARRIER", BY_DEFAULT, POLICY_BARRIER, is_one, NULL},
	/* Comes with each daemon-reload in the guest, after which PID 1 does not always say READY=1. */
	{"RELOADING", ON_REQUEST, POLICY_RELOADING, is_one, NULL},
	{"WATCHDOG", ON_REQUEST, POLICY_WATCHDOG, is_one, NULL},
	/* Any program of the guest that fails may send these; systemctl shows them as if the unit had failed. */
	{"ERRNO", ON_REQUEST, POLICY_ERRNO, is_errno, NULL},
	{"BUSERROR", ON_REQUEST, POLICY_BUSERROR, is_error_name, NULL},
	{"VARLINKERROR", ON_REQUEST, POLICY_VARLINKERROR, is_error_name, NULL},
	{"MONOTONIC_USEC", NEVER, POLICY_REFUSED, NULL,
         "it is the guest's clock; RELOADING=1 goes with the host's own"},
	{"MAINPID", NEVER, POLICY_REFUSED, NULL,
         "it would let the guest choose which process of the host is the service's, and killed"},
	{"MAINPIDFDID", NEVER, POLICY_REFUSED, NULL,
         "it would let the guest choose the service's main process"},
	{"MAINPIDFD", NEVER, POLICY_REFUSED, NULL,
         "it would let the guest choose the service's main process"},
	{"NOTIFYACCESS", NEVER, POLICY_REFUSED, NULL,
         "it would open the service's notification socket to other processes"},
	{"FDSTORE", NEVER, POLICY_REFUSED, NULL,
         "a descriptor cannot come from a guest, and the store is the service's"},
	{"FDSTOREREMOVE", NEVER, POLICY_REFUSED, NULL,
         "it would let the guest close what the service keeps in the descriptor store"},
	{"FDNAME", NEVER, POLICY_REFUSED, NULL, "it belongs to FDSTORE, which never passes"},
	{"FDPOLL", NEVER, POLICY_REFUSED, NULL, "it belongs to FDSTORE, which never passes"},
	{"WATCHDOG_USEC", NEVER, POLICY_REFUSED, NULL,
         "it would let the guest switch off, or trip, the host's WatchdogSec="},
	{"RESTART_RESET", NEVER, POLICY_REFUSED, NULL,
         "it would let the guest defeat the pause between restarts (RestartSteps=)"},
};

static uint32_t bit(enum policy_field kind)
{
	return 1u << kind;
}

void policy_init(struct policy *policy)
{
	*policy = (struct policy){0};
	for (unsigned i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].passing == BY_DEFAULT)
			policy->allowed |= bit(table[i].kind);
}

/* Names are what systemd's own are: upper case, digits and underscores. */
static bool is_name(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((name[i] < 'A' || name[i] > 'Z') && (name[i] < '0' || name[i] > '9') &&
		    name[i] != '_')
			return false;
	return length > 0;
}

static bool is_beginning(const char *name)
{
	return *name && name[strlen(name) - 1] == '*';
}

static bool is_extension_name(const char *name)
{
	return strncmp(name, EXTENSION_PREFIX, strlen(EXTENSION_PREFIX)) == 0 &&
	       is_name(name, strlen(name) - (is_beginning(name) ? 1 : 0));
}

/* Whether all that name stands for is among what pattern, a name or a beginning, does. */
static bool covers(const char *pattern, const char *name, size_t length)
{
	size_t all = strlen(pattern);
	size_t beginning = all - (is_beginning(pattern) ? 1 : 0);

	return length >= beginning && memcmp(pattern, name, beginning) == 0 &&
	       (beginning < all || length == all);
}

static unsigned find_extension(const struct policy *policy, const char *name)
{
	unsigned i = 0;

	while (i < policy->extension_count && strcmp(policy->extensions[i], name) != 0)
		i++;
	return i;
}

static const char *allow_extension(struct policy *policy, const char *name)
{
	unsigned i = find_extension(policy, name);

	if (i == POLICY_EXTENSIONS_MAX)
		return "more than 16 names of extensions: use one that ends in '*'";
	if (strlen(name) >= POLICY_EXTENSION_NAME_MAX)
		return "the name is too long";
	strcpy(policy->extensions[i], name);
	if (i == policy->extension_count)
		policy->extension_count++;
	return NULL;
}

static const char *deny_extension(struct policy *policy, const char *name)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < policy->extension_count; i++) {
		if (covers(name, policy->extensions[i], strlen(policy->extensions[i])))
			continue;
		if (kept != i)
			strcpy(policy->extensions[kept], policy->extensions[i]);
		if (covers(policy->extensions[kept++], name, strlen(name)))
			return "a beginning of it is allowed: allow less in place of that";
	}
	policy->extension_count = kept;
	return NULL;
}

static const char no_field[] = "it is no field of sd_notify(3), nor an extension (X_...)";

static unsigned find(const char *name)
{
	unsigned i = 0;

	while (i < ARRAY_SIZE(table) && strcmp(table[i].name, name) != 0)
		i++;
	return i;
}

const char *policy_allow(struct policy *policy, const char *name)
{
	unsigned i = find(name);

	if (i == ARRAY_SIZE(table))
		return is_extension_name(name) ? allow_extension(policy, name) : no_field;
	if (table[i].passing == NEVER)
		return table[i].why;
	policy->allowed |= bit(table[i].kind);
	policy->denied &= ~bit(table[i].kind);
	return NULL;
}

const char *policy_deny(struct policy *policy, const char *name)
{
	unsigned i = find(name);

	if (i == ARRAY_SIZE(table))
		return is_extension_name(name) ? deny_extension(policy, name) : no_field;
	if (table[i].passing != NEVER) {
		policy->allowed &= ~bit(table[i].kind);
		policy->denied |= bit(table[i].kind);
	}
	return NULL;
}

enum policy_field policy_classify(const struct field *field)
{
	if (field_name_begins(field, EXTENSION_PREFIX)) {
		if (!is_name(field->name, field->name_length))
			return POLICY_REFUSED;
		return field_name_begins(field, SYSTEMD_PREFIX) ? POLICY_SYSTEMD : POLICY_EXTENSION;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(table); i++)
		if (field_is(field, table[i].name))
			return table[i].value && table[i].value(field) ? table[i].kind
			                                               : POLICY_REFUSED;
	return POLICY_REFUSED;
}

bool policy_passes(const struct policy *policy, enum policy_field kind, const struct field *field)
{
	if (kind != POLICY_SYSTEMD && kind != POLICY_EXTENSION)
		return policy->allowed & bit(kind);
	for (unsigned i = 0; i < policy->extension_count; i++)
		if (covers(policy->extensions[i], field->name, field->name_length))
			return true;
	return false;
}

bool policy_denies(const struct policy *policy, enum policy_field kind)
{
	return policy->denied & bit(kind);
}
