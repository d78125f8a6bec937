/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of --plugin=notify,KEY=VALUE... (see keys.h). */
#include "keys.h"

#include <errno.h>
#include <string.h>

#define USEC_PER_SEC 1000000ULL

/* A day: no start takes longer, and the product stays far from the type's end. */
#define EXTEND_MAX_SEC 86400

const char keys_help[] =
	"ready-unit=UNIT  the guest is ready when it announces this unit, not at READY=1\n"
	"on-restore=ready|wait  whether a VM restored from a snapshot is ready [ready]\n"
	"track=on|off  tell of boot progress, power-off and reboots too [off; run: on]\n"
	"reboot=status|reloading  how a reboot is told of, with track=on [status]\n"
	"extend-start=SEC  each sign of life extends the start timeout, with track=on [0]\n"
	"allow=FIELD,...  pass these fields too: RELOADING, WATCHDOG, ERRNO, BUSERROR, "
	"VARLINKERROR, X_NAME, X_NAME*\n"
	"deny=FIELD,...  pass none of these\n"
	"watchdog=on|off  pass WATCHDOG=1, for the host's WatchdogSec= [off]\n"
	"status-prefix=TEXT  what each STATUS= begins with\n"
	"max-status=BYTES  cut each STATUS= to this length [4096]\n"
	"max-extend=SEC  how far one EXTEND_TIMEOUT_USEC= reaches at the most [600]\n"
	"max-extend-total=SEC  how far all of them together move timeouts on [3600]\n";

static bool parse_number(const char *value, unsigned long long low, unsigned long long high,
                         unsigned long long *number)
{
	const struct field field = {.value = value, .value_length = strlen(value)};

	return field_number(&field, high, number) && *number >= low;
}

/* One of two words, the first of which is true. */
static int set_choice(bool *choice, const char *value, const char *yes, const char *no)
{
	*choice = strcmp(value, yes) == 0;
	return *choice || strcmp(value, no) == 0 ? 0 : -EINVAL;
}

/* A unit that a guest announces has a suffix: "multi-user.target". */
static int set_ready_unit(struct guest *guest, const char *unit, const char **why)
{
	const char *dot = strrchr(unit, '.');

	(void)why;
	if (!dot || dot == unit || !dot[1] || strlen(unit) > UNIT_NAME_MAX || strpbrk(unit, "/ \n"))
		return -EINVAL;
	strcpy(guest->ready_unit, unit);
	guest->life.ready_unit = guest->ready_unit;
	return 0;
}

static int set_on_restore(struct guest *guest, const char *value, const char **why)
{
	(void)why;
	return set_choice(&guest->wait_when_restored, value, "wait", "ready");
}

static int set_track(struct guest *guest, const char *value, const char **why)
{
	(void)why;
	return set_choice(&guest->progress.told, value, "on", "off");
}

static int set_reboot(struct guest *guest, const char *value, const char **why)
{
	(void)why;
	return set_choice(&guest->progress.reboot_is_reload, value, "reloading", "status");
}

static int set_seconds(uint64_t *usec, const char *value)
{
	unsigned long long seconds;

	if (!parse_number(value, 0, EXTEND_MAX_SEC, &seconds))
		return -EINVAL;
	*usec = seconds * USEC_PER_SEC;
	return 0;
}

/* By how much each sign of the guest's life extends the start timeout. */
static int set_extend_start(struct guest *guest, const char *value, const char **why)
{
	(void)why;
	return set_seconds(&guest->progress.extend_usec, value);
}

static int set_max_extend(struct guest *guest, const char *value, const char **why)
{
	(void)why;
	return set_seconds(&guest->limits.max_extend_usec, value);
}

static int set_max_extend_total(struct guest *guest, const char *value, const char **why)
{
	(void)why;
	return set_seconds(&guest->limits.extend_left_usec, value);
}

typedef const char *(*policy_change)(struct policy *policy, const char *name);

/* "FIELD[,FIELD]..." */
static int change_policy(struct guest *guest, const char *names, policy_change change,
                         const char **why)
{
	char name[POLICY_EXTENSION_NAME_MAX];

	for (;;) {
		size_t length = strcspn(names, ",");

		if (length == 0 || length >= sizeof(name))
			return -EINVAL;
		memcpy(name, names, length);
		name[length] = '\0';
		*why = change(&guest->policy, name);
		if (*why)
			return -EPERM;
		if (!names[length])
			return 0;
		names += length + 1;
	}
}

static int set_allow(struct guest *guest, const char *value, const char **why)
{
	return change_policy(guest, value, policy_allow, why);
}

static int set_deny(struct guest *guest, const char *value, const char **why)
{
	return change_policy(guest, value, policy_deny, why);
}

static int set_watchdog(struct guest *guest, const char *value, const char **why)
{
	bool on;
	int r = set_choice(&on, value, "on", "off");

	if (r == 0)
		*why = on ? policy_allow(&guest->policy, "WATCHDOG")
		          : policy_deny(&guest->policy, "WATCHDOG");
	return r;
}

static int set_status_prefix(struct guest *guest, const char *value, const char **why)
{
	size_t length = strlen(value);

	if (length > STATUS_PREFIX_MAX)
		return -EINVAL;
	status_text_clean(guest->style.prefix, value, length);
	guest->style.prefix[length] = '\0';
	*why = "it has control characters, is no UTF-8, or ends in a backslash";
	return strcmp(guest->style.prefix, value) == 0 ? 0 : -EPERM;
}

static int set_max_status(struct guest *guest, const char *value, const char **why)
{
	unsigned long long bytes;

	(void)why;
	if (!parse_number(value, 16, 4096, &bytes))
		return -EINVAL;
	guest->style.max = (size_t)bytes;
	return 0;
}

static const struct {
	const char *key;
	int (*set)(struct guest *guest, const char *value, const char **why);
} keys[] = {
	{"ready-unit", set_ready_unit},
	{"on-restore", set_on_restore},
	{"track", set_track},
	{"reboot", set_reboot},
	{"extend-start", set_extend_start},
	{"allow", set_allow},
	{"deny", set_deny},
	{"watchdog", set_watchdog},
	{"status-prefix", set_status_prefix},
	{"max-status", set_max_status},
	{"max-extend", set_max_extend},
	{"max-extend-total", set_max_extend_total},
};

int keys_set(struct guest *guest, const char *key, const char *value, const char **why)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(key, keys[i].key) == 0)
			return keys[i].set(guest, value, why);
	return -ENOENT;
}
