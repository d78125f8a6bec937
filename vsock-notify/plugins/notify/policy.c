/* SPDX-License-Identifier: Apache-2.0 */
/* What may pass from a guest to the host's service manager (theory: policy.h). */
#include "policy.h"

#include <limits.h>

#define SYSTEMD_PREFIX "X_SYSTEMD_"

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

static const struct {
	const char *name;
	bool (*value)(const struct field *field); /* which values pass */
	enum policy_field kind;
	bool state;
} allowed[] = {
	{"READY", is_one, POLICY_READY, true},
	{"STOPPING", is_one, POLICY_STOPPING, true},
	{"STATUS", is_any, POLICY_STATUS, false},
	{"EXTEND_TIMEOUT_USEC", is_microseconds, POLICY_EXTEND_TIMEOUT, false},
	/* Of the guest itself only where it comes with X_SYSTEMD_SHUTDOWN. */
	{"EXIT_STATUS", is_exit_status, POLICY_EXIT_STATUS, true},
	/* Alone in its message only. */
	{"BARRIER", is_one, POLICY_BARRIER, true},
};

#define ALLOWED_COUNT (sizeof(allowed) / sizeof(allowed[0]))

enum policy_field policy_classify(const struct field *field)
{
	if (field_name_begins(field, SYSTEMD_PREFIX))
		return POLICY_SYSTEMD;
	for (unsigned i = 0; i < ALLOWED_COUNT; i++)
		if (field_is(field, allowed[i].name))
			return allowed[i].value(field) ? allowed[i].kind : POLICY_REFUSED;
	return POLICY_REFUSED;
}

bool policy_is_state(enum policy_field kind)
{
	for (unsigned i = 0; i < ALLOWED_COUNT; i++)
		if (allowed[i].kind == kind)
			return allowed[i].state;
	return false;
}
