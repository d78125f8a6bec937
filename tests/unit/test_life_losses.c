/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every capture of a real guest (tests/captures), with messages that the VMM lost: plugins/notify/life must make good for one, and
 * must never take a guest for ready that is not, whatever is lost.
 *
 * A life that has all messages is followed beside the one that has lost some. It tells what the guest is really doing:
 * tests/unit/test_life_captures.c has its edges for each capture. A READY edge is false if the guest is not ready then: it boots,
 * is in emergency or rescue mode, or is on its way down.
 */
#include <glob.h>

#include "capture.h"
#include "life_fixture.h"

#define AS_FAST_AS_USEC UINT64_C(3000000)
/* If the loss leaves no trace (plugins/notify/infer.h). */
#define UNTRACED_USEC   (INFER_LONG_QUIET_USEC + UINT64_C(1000000))
#define AFTERWARDS_USEC (2 * UNTRACED_USEC)
#define MUTATED_LIVES   10000
#define MUTATIONS_MAX   6
/* With more messages gone than this, a guest can look like another one. */
#define LOSSES_MAX 3

struct note {
	uint64_t usec;
	const char *text; /* NULL: it was lost */
	size_t length;
};

struct record {
	char name[128];
	struct note *notes;
	unsigned count;
};

static struct record *records;
static int record_count;

static void load_record(struct record *record, const char *path)
{
	struct capture capture;

	snprintf(record->name, sizeof(record->name), "%.*s",
	         (int)(strlen(path) - strlen(CAPTURE_FOLDER) - strlen(".tsv")),
	         path + strlen(CAPTURE_FOLDER));
	capture = capture_open(record->name);
	while (capture_next(&capture)) {
		record->notes =
			realloc(record->notes, (record->count + 1) * sizeof(*record->notes));
		record->notes[record->count++] = (struct note){
			.usec = 1 + (uint64_t)(capture.seconds * 1e6),
			.text = memcpy(malloc(capture.length + 1), capture.text, capture.length),
			.length = capture.length,
		};
	}
}

static void load_records(void)
{
	glob_t found;

	if (records)
		return;
	ck_assert_int_eq(glob(CAPTURE_FOLDER "*.tsv", 0, NULL, &found), 0);
	ck_assert_int_ge((int)found.gl_pathc, CAPTURE_COUNT);
	records = calloc(found.gl_pathc, sizeof(*records));
	for (size_t i = 0; i < found.gl_pathc; i++)
		load_record(&records[record_count++], found.gl_pathv[i]);
	globfree(&found);
}

static bool says(const struct note *note, const char *what)
{
	const char *at = note->text ? memmem(note->text, note->length, what, strlen(what)) : NULL;
	const char *end = at ? at + strlen(what) : NULL;

	return at && (at == note->text || at[-1] == '\n') &&
	       (end == note->text + note->length || *end == '\n' || end[-1] == '=');
}

static bool says_unit(const struct note *note, bool active, const char *unit)
{
	char line[128];

	snprintf(line, sizeof(line), "X_SYSTEMD_UNIT_%s=%s", active ? "ACTIVE" : "INACTIVE", unit);
	return says(note, line);
}

static bool says_default_target(const struct note *note, bool active)
{
	return says_unit(note, active, "multi-user.target") ||
	       says_unit(note, active, "graphical.target");
}

/* Hands a message, or its loss, to a life. */
static void hand_over(struct life *life, const struct note *note, uint64_t now,
                      struct life_step *step)
{
	const struct vsn_event lost = {
		.struct_size = sizeof(lost), .type = VSN_EVENT_GUEST_LOST, .now_usec = now};

	if (note->text)
		life_message(life, note->text, note->length, now, step);
	else
		life_event(life, &lost, step);
}

/* Whether the step has this edge; *number: the edge's. */
static bool has_edge(const struct life_step *step, enum vsn_event_type type, int *number)
{
	for (unsigned i = 0; i < step->count; i++) {
		if (step->edges[i].type != type)
			continue;
		*number = step->edges[i].number;
		return true;
	}
	return false;
}

/* --- what the guest is really doing */

struct reality {
	struct life life;
	uint64_t ready_usec;  /* since when it is ready */
	uint64_t target_usec; /* since when its default target is active; 0: it is not */
};

static void note_phase(struct reality *reality, enum life_phase from, uint64_t now)
{
	if (reality->life.phase == LIFE_READY && from != LIFE_READY)
		reality->ready_usec = now;
}

static void reality_until(struct reality *reality, uint64_t now)
{
	struct life_step step;
	enum life_phase from = reality->life.phase;
	uint64_t deadline = life_deadline(&reality->life);

	if (deadline == 0 || deadline > now)
		return;
	life_time(&reality->life, deadline, &step);
	note_phase(reality, from, deadline);
}

static void reality_note(struct reality *reality, const struct note *note)
{
	struct life_step step;
	enum life_phase from = reality->life.phase;

	hand_over(&reality->life, note, note->usec, &step);
	note_phase(reality, from, note->usec);
	if (says_default_target(note, true) && reality->target_usec == 0)
		reality->target_usec = note->usec;
	if (says_default_target(note, false) || step.begins)
		reality->target_usec = 0;
}

/* --- messages that are lost, and no others */

struct losses {
	const struct record *record;
	unsigned lost[LOSSES_MAX]; /* numbers of messages */
	unsigned count;
	bool untraced; /* no connection ended without a byte */
	bool ready_lost;
};

static bool is_lost(const struct losses *losses, unsigned number)
{
	for (unsigned i = 0; i < losses->count; i++)
		if (losses->lost[i] == number)
			return true;
	return false;
}

static void check_truth(const struct losses *losses, const struct reality *reality,
                        const struct life_step *step, uint64_t now)
{
	int inferred;

	if (!has_edge(step, VSN_EVENT_GUEST_READY, &inferred))
		return;
	ck_assert_msg(
		reality->life.phase == LIFE_READY,
		"%s without %u, %u, %u of %u: a false READY at %.3f s, the guest is in phase %d",
		losses->record->name, losses->lost[0] + 1, losses->lost[1] + 1, losses->lost[2] + 1,
		losses->count, (double)now / 1e6, reality->life.phase);
}

/* A guest that really is ready, with its default target active, is taken for ready in time. */
static void check_speed(const struct losses *losses, const struct reality *reality,
                        const struct life *life, uint64_t now)
{
	uint64_t since = reality->ready_usec > reality->target_usec ? reality->ready_usec
	                                                            : reality->target_usec;

	if (losses->count > 1 || reality->life.phase != LIFE_READY)
		return;
	/* A guest that announces nothing has READY=1 only. */
	if (reality->target_usec == 0 && (reality->life.announces || losses->ready_lost))
		return;
	if (now - since < (losses->untraced ? UNTRACED_USEC : AS_FAST_AS_USEC))
		return;
	ck_assert_msg(life->phase == LIFE_READY,
	              "%s without %u: at %.3f s the guest has been ready since %.3f s, not here",
	              losses->record->name, losses->lost[0] + 1, (double)now / 1e6,
	              (double)since / 1e6);
}

/* Time passes for both. */
static void pass_until(const struct losses *losses, struct reality *reality, struct life *life,
                       uint64_t now)
{
	uint64_t deadline;

	while ((deadline = life_deadline(life)) != 0 && deadline <= now) {
		struct life_step step;

		reality_until(reality, deadline);
		life_time(life, deadline, &step);
		check_truth(losses, reality, &step, deadline);
	}
	reality_until(reality, now);
	check_speed(losses, reality, life, now);
}

static void lose(struct losses *losses)
{
	struct reality reality = {0};
	struct life life = {0};
	uint64_t now = 0;

	for (unsigned i = 0; i < losses->record->count; i++) {
		struct note note = losses->record->notes[i];
		struct life_step step;

		now = note.usec;
		losses->ready_lost |= is_lost(losses, i) && says(&note, "READY=1");
		pass_until(losses, &reality, &life, now);
		reality_note(&reality, &note);
		if (is_lost(losses, i) && losses->untraced)
			continue;
		if (is_lost(losses, i))
			note.text = NULL;
		hand_over(&life, &note, now, &step);
		/* A guest that has announced nothing looks like an older one, which is ready when it says so. */
		if (life.announces)
			check_truth(losses, &reality, &step, now);
	}
	pass_until(losses, &reality, &life, now + AFTERWARDS_USEC);
}

START_TEST(one_loss_of_each_message_costs_no_readiness_and_gives_no_false_one)
{
	load_records();
	for (int i = 0; i < record_count; i++) {
		for (unsigned lost = 0; lost < records[i].count; lost++) {
			struct losses losses = {.record = &records[i], .lost = {lost}, .count = 1};

			lose(&losses);
		}
	}
}
END_TEST

/* Nothing tells of an emergency whose announcement left no trace: the guest has said READY=1. */
static bool is_emergency(const struct note *note)
{
	return says_unit(note, true, "emergency.target") || says_unit(note, true, "rescue.target");
}

START_TEST(nor_does_one_that_leaves_no_trace)
{
	load_records();
	for (int i = 0; i < record_count; i++) {
		for (unsigned lost = 0; lost < records[i].count; lost++) {
			struct losses losses = {.record = &records[i],
			                        .lost = {lost},
			                        .count = 1,
			                        .untraced = true};

			if (!is_emergency(&records[i].notes[lost]))
				lose(&losses);
		}
	}
}
END_TEST

/* --- mutated lives */

static uint64_t random_state;

static unsigned below(unsigned limit)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(random_state >> 33) % limit;
}

START_TEST(some_losses_give_no_false_readiness)
{
	load_records();
	random_state = (uint64_t)_i;
	for (int i = 0; i < MUTATED_LIVES / 2; i++) {
		struct losses losses = {.record = &records[below((unsigned)record_count)],
		                        .count = 1 + below(LOSSES_MAX)};

		/* The boot's are the interesting ones, and they come early. */
		for (unsigned n = 0; n < losses.count; n++)
			losses.lost[n] = below(1 + below(losses.record->count));
		lose(&losses);
	}
}
END_TEST

/*
 * Messages that are doubled or swapped make no life that a guest has. So a READY edge is held against what the life was told, by
 * rules of their own.
 */
struct told {
	bool begun, ended, stopping;
	bool emergency, rescue, basic, target;
	bool announces, ready, was_ready, lost;
	uint64_t unit_usec; /* when a unit was announced last */
};

static void told_note(struct told *told, const struct note *note)
{
	static const char *const required[] = {"basic.target", "sysinit.target"};

	told->lost |= !note->text;
	if (says(note, "X_SYSTEMD_UNIT_ACTIVE=") || says(note, "X_SYSTEMD_UNIT_INACTIVE="))
		told->unit_usec = note->usec;
	told->ready |= says(note, "READY=1");
	told->announces |= note->text && memmem(note->text, note->length, "X_SYSTEMD_", 10);
	told->stopping |= says_unit(note, true, "shutdown.target");
	told->emergency |= says_unit(note, true, "emergency.target");
	told->rescue |= says_unit(note, true, "rescue.target");
	told->emergency &= !says_unit(note, false, "emergency.target");
	told->rescue &= !says_unit(note, false, "rescue.target");
	told->basic |= says_unit(note, true, "basic.target");
	for (int i = 0; i < 2; i++)
		told->target &= !says_unit(note, false, required[i]);
	told->basic &= !says_unit(note, false, "basic.target");
	told->target &= !says_default_target(note, false);
	if (says_default_target(note, true)) {
		told->target = told->basic = true;
		told->emergency = told->rescue = false;
	}
	if (!says(note, "X_SYSTEMD_SHUTDOWN="))
		return;
	told->stopping = told->ended = true;
	told->lost = false;
}

static void check_inferred(const struct told *told, uint64_t now)
{
	ck_assert(told->target && !told->ready && !told->was_ready);
	ck_assert_uint_ge(now - told->unit_usec,
	                  told->lost ? INFER_QUIET_USEC : INFER_LONG_QUIET_USEC);
}

/* note NULL: the clock has come to now. */
static void told_step(struct told *told, const struct note *note, uint64_t now,
                      const struct life_step *step)
{
	int number = 0;

	if (step->begins)
		*told = (struct told){.begun = true,
		                      .lost = told->lost && (!told->begun || told->ended)};
	if (note)
		told_note(told, note);
	/* soft-reboot.target */
	if (has_edge(step, VSN_EVENT_GUEST_BOOTING, &number))
		*told = (struct told){.begun = true, .announces = true};
	if (!has_edge(step, VSN_EVENT_GUEST_READY, &number))
		return;
	ck_assert(!told->emergency && !told->rescue && !told->stopping);
	if (number == 1)
		check_inferred(told, now);
	else
		ck_assert(told->ready || told->was_ready);
	/* An emergency's announcement may be among what was lost. */
	ck_assert(!told->lost || !told->announces || told->basic);
	told->was_ready = true;
}

static unsigned mutate(const struct record *record, struct note *notes)
{
	unsigned count = record->count;

	memcpy(notes, record->notes, count * sizeof(*notes));
	for (unsigned n = 1 + below(MUTATIONS_MAX); n > 0; n--) {
		unsigned at = below(count - 1);
		struct note *next = &notes[at + 1], kept = *next;

		switch (below(3)) {
		case 0:
			notes[at].text = NULL;
			break;
		case 1:
			memmove(next, &notes[at], (count++ - at) * sizeof(*notes));
			break;
		default:
			*next = (struct note){next->usec, notes[at].text, notes[at].length};
			notes[at] = (struct note){notes[at].usec, kept.text, kept.length};
			break;
		}
	}
	return count;
}

static void play_mutated(const struct note *notes, unsigned count)
{
	const struct note end = {.usec = notes[count - 1].usec + AFTERWARDS_USEC};
	struct life life = {0};
	struct told told = {0};
	struct life_step step;

	for (unsigned i = 0; i <= count; i++) {
		const struct note *note = i < count ? &notes[i] : &end;
		uint64_t deadline;

		while ((deadline = life_deadline(&life)) != 0 && deadline <= note->usec) {
			life_time(&life, deadline, &step);
			told_step(&told, NULL, deadline, &step);
		}
		if (note == &end)
			break;
		hand_over(&life, note, note->usec, &step);
		told_step(&told, note, note->usec, &step);
	}
}

START_TEST(mutated_lives_are_ready_only_if_they_were_told_so)
{
	load_records();
	random_state = 1000 + (uint64_t)_i;
	for (int i = 0; i < MUTATED_LIVES / 2; i++) {
		const struct record *record = &records[below((unsigned)record_count)];
		struct note *notes = calloc(record->count + MUTATIONS_MAX, sizeof(*notes));

		play_mutated(notes, mutate(record, notes));
		free(notes);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("life_losses");
	TCase *tcase = harness_case(suite, "captures");

	tcase_add_test(tcase, one_loss_of_each_message_costs_no_readiness_and_gives_no_false_one);
	tcase_add_test(tcase, nor_does_one_that_leaves_no_trace);
	tcase_add_loop_test(tcase, some_losses_give_no_false_readiness, 0, 2);
	tcase_add_loop_test(tcase, mutated_lives_are_ready_only_if_they_were_told_so, 0, 2);
	return harness_run(suite);
}
