/* SPDX-License-Identifier: Apache-2.0 */
/* What the service manager is told of the guest's life (rules: story.h). */
#include "story.h"

#include <inttypes.h>
#include <string.h>

/* Longer than any words that are put before a name here. */
#define STATUS_WORDS_MAX 64

static bool is_soft_reboot(const struct story_facts *facts)
{
	return facts->reached.name && field_value_is(&facts->reached, "soft-reboot.target");
}

static void status(struct translation *translation, const char *what, const struct field *field)
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
	translation_status(translation, text, length);
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

void story_state(struct limits *limits, enum limits_state state, uint64_t now_usec,
                 struct translation *translation)
{
	enum policy_field kind = field_of(state);
	enum limits_verdict verdict;

	if (policy_denies(translation->policy, kind))
		return;
	verdict = limits_tell(limits, state, now_usec);
	if (verdict == LIMITS_EXCEEDED) {
		translation->exceeded++;
		return;
	}
	if (state == LIMITS_RELOADING)
		translation_line(translation, kind, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		                 now_usec);
	else
		translation_line(translation, kind,
		                 state == LIMITS_READY ? "READY=1" : "STOPPING=1");
	translation->state |= verdict == LIMITS_CHANGE;
}

bool story_extend(struct limits *limits, uint64_t want_usec, uint64_t now_usec,
                  struct translation *translation)
{
	uint64_t granted = limits_extend(limits, want_usec, now_usec);

	if (granted > 0)
		translation_line(translation, POLICY_EXTEND_TIMEOUT, "EXTEND_TIMEOUT_USEC=%" PRIu64,
		                 granted);
	return granted > 0;
}

/* A new life begins; the unit is to stay as it is. */
static void begin_again(struct story *story, struct limits *limits, uint64_t now_usec,
                        struct translation *translation, const char *what)
{
	/* Only what runs can reload. */
	if (story->reboot_is_reload && story->ready)
		story_state(limits, LIMITS_RELOADING, now_usec, translation);
	status(translation, what, NULL);
	story->ready = false;
}

static void end(struct limits *limits, uint64_t now_usec, struct translation *translation,
                const struct field *way)
{
	story_state(limits, LIMITS_STOPPING, now_usec, translation);
	status(translation, "guest is shutting down: ", way);
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
static void extend_start(const struct story *story, const struct story_facts *facts,
                         struct limits *limits, uint64_t now_usec, struct translation *translation)
{
	if (story->extend_usec && facts->sign_of_life && !facts->extends &&
	    !policy_denies(translation->policy, POLICY_EXTEND_TIMEOUT))
		story_extend(limits, story->extend_usec, now_usec, translation);
}

static void boot_progress(const struct story_facts *facts, struct translation *translation)
{
	if (facts->reached.name)
		status(translation,
		       is_on_the_way_down(&facts->reached) ? "shutting down: reached "
		                                           : "booting: reached ",
		       &facts->reached);
}

void story_tell(struct story *story, const struct story_facts *facts, bool ready,
                struct limits *limits, uint64_t now_usec, struct translation *translation)
{
	story->ready |= ready;
	if (!story->told)
		return;
	if (life_is_reboot(&facts->shutdown)) {
		begin_again(story, limits, now_usec, translation, "guest is rebooting");
	} else if (is_soft_reboot(facts)) {
		begin_again(story, limits, now_usec, translation,
		            "guest is rebooting (soft-reboot)");
	} else if (facts->shutdown.name) {
		end(limits, now_usec, translation, &facts->shutdown);
	} else if (!story->ready) {
		boot_progress(facts, translation);
		extend_start(story, facts, limits, now_usec, translation);
	}
}

void story_rebooted(struct story *story, struct limits *limits, uint64_t now_usec,
                    struct translation *translation)
{
	if (story->told)
		begin_again(story, limits, now_usec, translation, "guest is rebooting");
	story->ready = false;
}
