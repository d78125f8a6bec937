/* SPDX-License-Identifier: Apache-2.0 */
/* What the service manager is told of the guest's life (rules: progress.h). */
#include "progress.h"

#include <inttypes.h>
#include <string.h>

/* Longer than any words that are put before a name here. */
#define STATUS_WORDS_MAX 64

static bool is_soft_reboot(const struct progress_facts *facts)
{
	return facts->reached.name && field_value_is(&facts->reached, "soft-reboot.target");
}

static void status(struct outgoing *outgoing, const char *what, const struct field *field)
{
	char text[STATUS_WORDS_MAX + UNIT_NAME_MAX];
	size_t length = strlen(what);

	memcpy(text, what, length);
	if (field) {
		size_t name =
			field->value_length < UNIT_NAME_MAX ? field->value_length : UNIT_NAME_MAX;

		memcpy(text + length, field->value, name);
		length += name;
	}
	outgoing_status(outgoing, text, length);
}

static enum policy_field field_of(enum limits_state state)
{
	switch (state) {
	case LIMITS_READY:
		return POLICY_READY;
	case LIMITS_RELOADING:
		return POLICY_RELOADING;
	case LIMITS_STOPPING:
		return POLICY_STOPPING;
	case LIMITS_STARTING:
		break;
	}
	return POLICY_REFUSED;
}

void progress_state(struct limits *limits, enum limits_state state, uint64_t now_usec,
                    struct outgoing *outgoing)
{
	enum policy_field kind = field_of(state);
	enum limits_verdict verdict;

	if (policy_denies(outgoing->policy, kind))
		return;
	verdict = limits_tell(limits, state, now_usec);
	if (verdict == LIMITS_EXCEEDED) {
		outgoing->exceeded++;
		return;
	}
	if (state == LIMITS_RELOADING)
		outgoing_line(outgoing, kind, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, now_usec);
	else
		outgoing_line(outgoing, kind, state == LIMITS_READY ? "READY=1" : "STOPPING=1");
	outgoing->state |= verdict == LIMITS_CHANGE;
}

bool progress_extend(struct limits *limits, uint64_t want_usec, uint64_t now_usec,
                     struct outgoing *outgoing)
{
	uint64_t granted = limits_extend(limits, want_usec, now_usec);

	if (granted > 0)
		outgoing_line(outgoing, POLICY_EXTEND_TIMEOUT, "EXTEND_TIMEOUT_USEC=%" PRIu64,
		              granted);
	return granted > 0;
}

/* A new life begins; the unit is to stay as it is. */
static void begin_again(struct progress *progress, struct limits *limits, uint64_t now_usec,
                        struct outgoing *outgoing, const char *what)
{
	/* Only what runs can reload. */
	if (progress->reboot_is_reload && progress->ready)
		progress_state(limits, LIMITS_RELOADING, now_usec, outgoing);
	status(outgoing, what, NULL);
	progress->ready = false;
}

static void end(struct limits *limits, uint64_t now_usec, struct outgoing *outgoing,
                const struct field *way)
{
	progress_state(limits, LIMITS_STOPPING, now_usec, outgoing);
	status(outgoing, "guest is shutting down: ", way);
}

/* What a guest reaches on its way down, systemd.special(7). */
static bool is_on_the_way_down(const struct field *unit)
{
	static const char *const units[] = {
		"shutdown.target", "umount.target", "final.target",  "exit.target",
		"poweroff.target", "halt.target",   "reboot.target", "kexec.target",
	};

	return field_value_is_one_of(unit, units, sizeof(units) / sizeof(units[0]));
}

/* Each sign of life extends the start timeout. */
static void extend_start(const struct progress *progress, const struct progress_facts *facts,
                         struct limits *limits, uint64_t now_usec, struct outgoing *outgoing)
{
	if (progress->extend_usec && facts->sign_of_life && !facts->extends &&
	    !policy_denies(outgoing->policy, POLICY_EXTEND_TIMEOUT))
		progress_extend(limits, progress->extend_usec, now_usec, outgoing);
}

static void boot_progress(const struct progress_facts *facts, struct outgoing *outgoing)
{
	if (facts->reached.name)
		status(outgoing,
		       is_on_the_way_down(&facts->reached) ? "shutting down: reached "
		                                           : "booting: reached ",
		       &facts->reached);
}

void progress_tell(struct progress *progress, const struct progress_facts *facts, bool ready,
                   struct limits *limits, uint64_t now_usec, struct outgoing *outgoing)
{
	progress->ready |= ready;
	if (!progress->told)
		return;
	if (life_is_reboot(&facts->shutdown)) {
		begin_again(progress, limits, now_usec, outgoing, "guest is rebooting");
	} else if (is_soft_reboot(facts)) {
		begin_again(progress, limits, now_usec, outgoing,
		            "guest is rebooting (soft-reboot)");
	} else if (facts->shutdown.name) {
		end(limits, now_usec, outgoing, &facts->shutdown);
	} else if (!progress->ready) {
		boot_progress(facts, outgoing);
		extend_start(progress, facts, limits, now_usec, outgoing);
	}
}

void progress_rebooted(struct progress *progress, struct limits *limits, uint64_t now_usec,
                       struct outgoing *outgoing)
{
	if (progress->told)
		begin_again(progress, limits, now_usec, outgoing, "guest is rebooting");
	progress->ready = false;
}
