/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of --plugin=notify,KEY=VALUE... (see keys.h). */
#include "keys.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/parse.h"

/* One day: no start takes longer, and so many microseconds fit into 64 bits. */
#define EXTEND_MAX_SEC 86400

const char keys_help[] =
	"ready-unit=UNIT  the guest is ready when it announces this unit, not at READY=1\n"
	"infer-ready=yes|no  ready by its default target if READY=1 was lost [yes]\n"
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

/* Takes one of two words; *choice becomes true if it is yes. */
static int set_choice(bool *choice, const char *value, const char *yes, const char *no)
{
	*choice = strcmp(value, yes) == 0;
	return *choice || strcmp(value, no) == 0 ? 0 : -EINVAL;
}

/*
 * A guest announces its targets, "multi-user.target", and no other unit (systemd 256 to 262: notify_supervisor in
 * src/core/target.c).
 */
static int set_ready_unit(struct guest *guest, const char *unit, const char **why)
{
	const char *dot = strrchr(unit, '.');

	if (!dot || dot == unit || !dot[1] || strlen(unit) > UNIT_NAME_MAX || strpbrk(unit, "/ \n"))
		return -EINVAL;
	if (strcmp(dot, ".target") != 0) {
		*why = "a guest announces targets only: name one, such as multi-user.target, or "
		       "one of "
		       "your own in the guest that wants and comes after that unit";
		return -EPERM;
	}
	strcpy(guest->ready_unit, unit);
	guest->life.ready_unit = guest->ready_unit;
	return 0;
}

static int set_seconds(uint64_t *usec, const char *value)
{
	uint64_t seconds;

	if (parse_u64(value, &seconds) < 0 || seconds > EXTEND_MAX_SEC)
		return -EINVAL;
	*usec = seconds * USEC_PER_SEC;
	return 0;
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

static int set_max_status(struct guest *guest, const char *value)
{
	uint64_t bytes;

	if (parse_u64(value, &bytes) < 0 || bytes < 16 || bytes > 4096)
		return -EINVAL;
	guest->style.max = (size_t)bytes;
	return 0;
}

int keys_set(struct guest *guest, const char *key, const char *value, const char **why)
{
	if (strcmp(key, "ready-unit") == 0)
		return set_ready_unit(guest, value, why);
	if (strcmp(key, "infer-ready") == 0)
		return set_choice(&guest->life.never_infer, value, "no", "yes");
	if (strcmp(key, "on-restore") == 0)
		return set_choice(&guest->wait_when_restored, value, "wait", "ready");
	if (strcmp(key, "track") == 0)
		return set_choice(&guest->progress.told, value, "on", "off");
	if (strcmp(key, "reboot") == 0)
		return set_choice(&guest->progress.reboot_is_reload, value, "reloading", "status");
	if (strcmp(key, "extend-start") == 0)
		return set_seconds(&guest->progress.extend_usec, value);
	if (strcmp(key, "allow") == 0)
		return change_policy(guest, value, policy_allow, why);
	if (strcmp(key, "deny") == 0)
		return change_policy(guest, value, policy_deny, why);
	if (strcmp(key, "watchdog") == 0)
		return set_watchdog(guest, value, why);
	if (strcmp(key, "status-prefix") == 0)
		return set_status_prefix(guest, value, why);
	if (strcmp(key, "max-status") == 0)
		return set_max_status(guest, value);
	if (strcmp(key, "max-extend") == 0)
		return set_seconds(&guest->limits.max_extend_usec, value);
	if (strcmp(key, "max-extend-total") == 0)
		return set_seconds(&guest->limits.extend_left_usec, value);
	return -ENOENT;
}

/* A key that has an effect with track=on only, and by a field that the user may have denied. */
static bool needs_track(const struct guest *guest, const char *setting, enum policy_field field,
                        const char *field_name, char line[KEYS_CONFLICT_MAX])
{
	if (!guest->progress.told)
		snprintf(line, KEYS_CONFLICT_MAX,
		         "%s has no effect without track=on: write that too, or leave %s out",
		         setting, setting);
	else if (policy_denies(&guest->policy, field))
		snprintf(line, KEYS_CONFLICT_MAX,
		         "%s has no effect with deny=%s: leave out one of them", setting,
		         field_name);
	return line[0];
}

/* No extension reaches further than the limits. */
static bool is_above_limit(uint64_t extend_usec, const char *limit, uint64_t limit_usec,
                           char line[KEYS_CONFLICT_MAX])
{
	uint64_t seconds = extend_usec / USEC_PER_SEC;

	if (extend_usec <= limit_usec)
		return false;
	snprintf(line, KEYS_CONFLICT_MAX,
	         "extend-start=%" PRIu64 " has no effect above %s=%" PRIu64 ": write %s=%" PRIu64
	         " too, or a smaller one",
	         seconds, limit, limit_usec / USEC_PER_SEC, limit, seconds);
	return true;
}

static bool extend_start_conflicts(const struct guest *guest, char line[KEYS_CONFLICT_MAX])
{
	uint64_t usec = guest->progress.extend_usec;
	char setting[64];

	if (usec == 0)
		return false;
	snprintf(setting, sizeof(setting), "extend-start=%" PRIu64, usec / USEC_PER_SEC);
	return needs_track(guest, setting, POLICY_EXTEND_TIMEOUT, "EXTEND_TIMEOUT_USEC", line) ||
	       is_above_limit(usec, "max-extend", guest->limits.max_extend_usec, line) ||
	       is_above_limit(usec, "max-extend-total", guest->limits.extend_left_usec, line);
}

bool keys_conflict(const struct guest *guest, char line[KEYS_CONFLICT_MAX])
{
	line[0] = '\0';
	if (guest->progress.reboot_is_reload &&
	    needs_track(guest, "reboot=reloading", POLICY_RELOADING, "RELOADING", line))
		return true;
	if (extend_start_conflicts(guest, line))
		return true;
	if ((guest->style.prefix[0] || guest->style.max) &&
	    policy_denies(&guest->policy, POLICY_STATUS))
		snprintf(line, KEYS_CONFLICT_MAX,
		         "%s has no effect with deny=STATUS: leave out one of them",
		         guest->style.prefix[0] ? "status-prefix" : "max-status");
	return line[0];
}
