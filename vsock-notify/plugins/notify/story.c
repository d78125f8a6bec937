/* SPDX-License-Identifier: Apache-2.0 */
/* What the service manager is told of the guest's life (rules: story.h). */
#include "story.h"

#include <inttypes.h>

#include "status_text.h"

#define UNIT_NAME_MAX 255

static bool is_soft_reboot(const struct story_facts *facts)
{
	return facts->reached.name && field_value_is(&facts->reached, "soft-reboot.target");
}

bool story_is_reboot(const struct story_facts *facts)
{
	return facts->shutdown.name && (field_value_is(&facts->shutdown, "reboot") ||
	                                field_value_is(&facts->shutdown, "kexec"));
}

static void status(struct translation *translation, const char *what, const struct field *field)
{
	char name[UNIT_NAME_MAX];

	if (translation->status)
		return;
	translation->status = true;
	if (field) {
		/* The guest's bytes, as any that are shown. */
		size_t length =
			field->value_length < sizeof(name) ? field->value_length : sizeof(name);

		length = status_text_clean(name, field->value, length);
		translation_line(translation, "STATUS=%s%.*s", what, (int)length, name);
	} else {
		translation_line(translation, "STATUS=%s", what);
	}
}

/* A new life begins; the unit is to stay as it is. */
static void begin_again(struct story *story, uint64_t now_usec, struct translation *translation,
                        const char *what)
{
	/* Only what runs can reload. The clock is the host's: the guest's means nothing here. */
	if (story->reboot_is_reload && story->ready) {
		translation_line(translation, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, now_usec);
		translation->state = true;
	}
	status(translation, what, NULL);
	story->ready = false;
}

static void end(struct translation *translation, const struct field *way)
{
	translation_line(translation, "STOPPING=1");
	translation->state = true;
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

static void boot_progress(const struct story *story, const struct story_facts *facts,
                          struct translation *translation)
{
	if (facts->reached.name)
		status(translation,
		       is_on_the_way_down(&facts->reached) ? "shutting down: reached "
		                                           : "booting: reached ",
		       &facts->reached);
	if (story->extend_usec && facts->sign_of_life && !facts->extends)
		translation_line(translation, "EXTEND_TIMEOUT_USEC=%" PRIu64, story->extend_usec);
}

void story_tell(struct story *story, const struct story_facts *facts, uint64_t now_usec,
                struct translation *translation)
{
	if (translation->news == LIFE_READY)
		story->ready = true;
	if (!story->told)
		return;
	if (story_is_reboot(facts))
		begin_again(story, now_usec, translation, "guest is rebooting");
	else if (is_soft_reboot(facts))
		begin_again(story, now_usec, translation, "guest is rebooting (soft-reboot)");
	else if (facts->shutdown.name)
		end(translation, &facts->shutdown);
	else if (!story->ready)
		boot_progress(story, facts, translation);
}

void story_rebooted(struct story *story, uint64_t now_usec, struct translation *translation)
{
	translation_begin(translation);
	if (story->told)
		begin_again(story, now_usec, translation, "guest is rebooting");
	story->ready = false;
}
