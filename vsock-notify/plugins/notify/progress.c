/* SPDX-License-Identifier: Apache-2.0 */
/* Tells the service manager how the guest gets on (rules: progress.h). */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"

/* More bytes than any text that is put before a name here. */
#define STATUS_WORDS_MAX 64

/* Adds a STATUS= of what, followed by the field's value. */
static void status(struct outgoing *outgoing, const char *what, const struct field *field)
{
	char text[STATUS_WORDS_MAX + UNIT_NAME_MAX + 1];
	int name = (int)min_u64(field->value_length, UNIT_NAME_MAX);
	int length = snprintf(text, sizeof(text), "%s%.*s", what, name, field->value);

	outgoing_status(outgoing, text, (size_t)length);
}

void progress_state(struct outgoing *outgoing, enum policy_field state)
{
	enum limits_verdict verdict;

	if (policy_denies(outgoing->policy, state))
		return;
	verdict = limits_tell(outgoing->limits, state, outgoing->now_usec);
	if (verdict == LIMITS_EXCEEDED) {
		outgoing->exceeded++;
		return;
	}
	if (state == POLICY_RELOADING)
		outgoing_line(outgoing, state, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		              outgoing->now_usec);
	else
		outgoing_line(outgoing, state, state == POLICY_READY ? "READY=1" : "STOPPING=1");
	outgoing->state |= verdict == LIMITS_CHANGE;
}

bool progress_extend(struct outgoing *outgoing, uint64_t want_usec)
{
	uint64_t granted = limits_extend(outgoing->limits, want_usec, outgoing->now_usec);

	if (granted > 0)
		outgoing_line(outgoing, POLICY_EXTEND_TIMEOUT, "EXTEND_TIMEOUT_USEC=%" PRIu64,
		              granted);
	return granted > 0;
}

/* A new life begins. The unit stays active. */
static void begin_again(struct progress *progress, struct outgoing *outgoing, const char *what)
{
	/* systemd ignores RELOADING=1 of a unit that is not active. */
	if (progress->reboot_is_reload && progress->ready)
		progress_state(outgoing, POLICY_RELOADING);
	outgoing_status(outgoing, what, strlen(what));
	progress->ready = false;
}

/* Whether a guest reaches this unit when it shuts down, systemd.special(7). */
static bool is_on_the_way_down(const struct field *unit)
{
	static const char *const units[] = {
		"shutdown.target", "umount.target", "final.target",  "exit.target",
		"poweroff.target", "halt.target",   "reboot.target", "kexec.target",
	};

	return field_value_is_one_of(unit, units, sizeof(units) / sizeof(units[0]));
}

/* Each message of the guest extends the start timeout. */
static void extend_start(const struct progress *progress, const struct life_facts *facts,
                         struct outgoing *outgoing)
{
	if (progress->extend_usec && facts->sign_of_life && !facts->extends &&
	    !policy_denies(outgoing->policy, POLICY_EXTEND_TIMEOUT))
		progress_extend(outgoing, progress->extend_usec);
}

static void boot_progress(const struct life_facts *facts, struct outgoing *outgoing)
{
	if (facts->reached.name)
		status(outgoing,
		       is_on_the_way_down(&facts->reached) ? "shutting down: reached "
		                                           : "booting: reached ",
		       &facts->reached);
}

void progress_tell(struct progress *progress, const struct life_step *step,
                   struct outgoing *outgoing)
{
	const struct life_facts *facts = &step->facts;

	progress->ready |= step->ready;
	if (!progress->told)
		return;
	if (life_is_reboot(&facts->shutdown)) {
		begin_again(progress, outgoing, "guest is rebooting");
	} else if (field_value_is(&facts->reached, "soft-reboot.target")) {
		begin_again(progress, outgoing, "guest is rebooting (soft-reboot)");
	} else if (facts->shutdown.name) {
		progress_state(outgoing, POLICY_STOPPING);
		status(outgoing, "guest is shutting down: ", &facts->shutdown);
	} else if (!progress->ready) {
		boot_progress(facts, outgoing);
		extend_start(progress, facts, outgoing);
	}
}

void progress_rebooted(struct progress *progress, struct outgoing *outgoing)
{
	if (progress->told)
		begin_again(progress, outgoing, "guest is rebooting");
	progress->ready = false;
}
