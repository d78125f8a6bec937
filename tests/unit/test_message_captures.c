/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/notify/message with whole lives of guests: exactly what the host is told of each. */
#include "plugins/notify/message.h"

#include "capture.h"
#include "guest_fixture.h"

#define BARRIER "BARRIER=1"
#define READY   "READY=1\nSTATUS=Ready."

/* What the host was told, a datagram an entry; a barrier as "BARRIER=1". */
struct record {
	char *told[512];
	unsigned count;
};

static void note(struct record *record, const char *text, size_t length)
{
	ck_assert_uint_lt(record->count, sizeof(record->told) / sizeof(record->told[0]));
	record->told[record->count] = strndup(text, length);
	ck_assert_ptr_nonnull(record->told[record->count++]);
}

static void note_result(struct record *record)
{
	if (result.length)
		note(record, result.text, result.length);
	if (result.barrier)
		note(record, BARRIER, strlen(BARRIER));
}

/* As the shim would: by the capture's own clock, with the timer firing when its time has come. */
static struct record play(const char *name)
{
	struct capture capture = capture_open(name);
	struct record record = {.count = 0};
	uint64_t now = 1;

	while (capture_next(&capture)) {
		now = 1 + (uint64_t)(capture.seconds * 1e6);
		if (guest.life.held_until_usec && guest.life.held_until_usec <= now) {
			message_time(&guest, guest.life.held_until_usec, &result);
			note_result(&record);
		}
		message_translate(&guest, capture.text,
		                  (size_t)fields_length(capture.text, capture.length), now, &result,
		                  NULL, NULL);
		ck_assert_uint_eq(guest.step.facts.malformed, 0);
		note_result(&record);
	}
	/* and a second and more after the last message */
	message_time(&guest, now + 10 * LIFE_HOLD_USEC, &result);
	note_result(&record);
	return record;
}

static void check_and_free(struct record *record, const char *const *expected, unsigned count)
{
	for (unsigned i = 0; i < record->count && i < count; i++)
		ck_assert_msg(strcmp(record->told[i], expected[i]) == 0,
		              "datagram %u is \"%s\", not \"%s\"", i, record->told[i], expected[i]);
	ck_assert_uint_eq(record->count, count);
	for (unsigned i = 0; i < record->count; i++)
		free(record->told[i]);
}

#define CHECK(record, expected) \
	check_and_free(&(record), expected, sizeof(expected) / sizeof((expected)[0]))

START_TEST(boot_with_sixty_statuses_of_a_program_is_ready_once_and_exits_with_42)
{
	struct record record = play(capture_names[0]);
	const char *expected[60 * 2 + 2];
	char statuses[60][16];
	unsigned count = 0;

	for (int i = 1; i <= 60; i++) {
		snprintf(statuses[i - 1], sizeof(statuses[0]), "STATUS=n%d", i);
		expected[count++] = statuses[i - 1];
		expected[count++] = BARRIER;
		/* n13 came just before multi-user.target, and READY just after its barrier */
		if (i == 13)
			expected[count++] = READY;
	}
	expected[count++] = "EXIT_STATUS=42";
	check_and_free(&record, expected, count);
}
END_TEST

START_TEST(in_an_emergency_ready_is_never_told_not_even_by_time)
{
	static const char *const expected[] = {
		"STATUS=Ready.",
		"STATUS=" MESSAGE_EMERGENCY,
	};
	struct record record = play(capture_names[1]);

	CHECK(record, expected);
	ck_assert(guest.life.emergency);
}
END_TEST

START_TEST(a_guest_told_to_exit_early_is_never_ready)
{
	static const char *const expected[] = {
		"STATUS=hello from guest",
		BARRIER,
		"EXIT_STATUS=42",
	};
	struct record record = play(capture_names[2]);

	CHECK(record, expected);
}
END_TEST

START_TEST(reload_soft_reboot_and_reboot_are_one_ready_and_one_exit)
{
	static const char *const expected[] = {
		READY,
		"EXIT_STATUS=0",
	};
	struct record record = play(capture_names[3]);

	CHECK(record, expected);
	ck_assert_int_eq(guest.life.phase, LIFE_ENDED);
}
END_TEST

START_TEST(after_that_reboot_in_place_the_emergency_of_the_next_life_is_seen)
{
	static const char *const expected[] = {
		"STATUS=Ready.",
		"STATUS=" MESSAGE_EMERGENCY,
	};
	struct record first = play(capture_names[3]);
	struct record second = play(capture_names[1]);

	CHECK(second, expected);
	for (unsigned i = 0; i < first.count; i++)
		free(first.told[i]);
}
END_TEST

START_TEST(a_systemd_initrd_shows_its_jobs_and_is_ready_after_switch_root_only)
{
	struct record record = play(capture_names[4]);

	ck_assert_uint_eq(record.count, 42);
	for (unsigned i = 0; i < 41; i++)
		ck_assert_msg(
			strncmp(record.told[i], "STATUS=User job populate.service/start", 38) == 0,
			"datagram %u is \"%s\"", i, record.told[i]);
	ck_assert_str_eq(record.told[0],
	                 "STATUS=User job populate.service/start running (14s / no limit)...");
	ck_assert_str_eq(record.told[40],
	                 "STATUS=User job populate.service/start running (38s / no limit)...");
	ck_assert_str_eq(record.told[41], READY);
	for (unsigned i = 0; i < record.count; i++)
		free(record.told[i]);
}
END_TEST

START_TEST(a_guest_that_leaves_emergency_mode_is_ready_then)
{
	static const char *const expected[] = {
		"STATUS=Ready.",
		"STATUS=" MESSAGE_EMERGENCY,
		"READY=1\nSTATUS=" MESSAGE_RECOVERED,
	};
	struct record record = play(capture_names[5]);

	CHECK(record, expected);
}
END_TEST

START_TEST(a_soft_reboot_of_systemd_262_is_ready_again_and_its_exit_is_told)
{
	static const char *const expected[] = {READY, READY, READY, "EXIT_STATUS=42"};
	struct record record = play(capture_names[6]);

	CHECK(record, expected);
	ck_assert_int_eq(guest.life.phase, LIFE_ENDED);
}
END_TEST

START_TEST(a_guest_of_systemd_254_is_ready_at_once_and_its_exit_status_is_taken_for_a_programs)
{
	struct record record = play(capture_names[CAPTURES_ANNOUNCED]);

	ck_assert_str_eq(record.told[0], READY);
	ck_assert_str_eq(record.told[1], "STATUS=serving 7 clients");
	for (unsigned i = 0; i < record.count; i++) {
		ck_assert_ptr_null(strstr(record.told[i], "EXIT_STATUS="));
		free(record.told[i]);
	}
	ck_assert_int_eq(guest.life.phase, LIFE_READY);
}
END_TEST

START_TEST(with_a_ready_unit_ready_is_told_at_that_unit)
{
	static const char *const expected[] = {
		"STATUS=Ready.",
		"READY=1",
		"EXIT_STATUS=0",
	};
	struct record record;

	set("ready-unit", "multi-user.target");
	record = play(capture_names[3]);
	CHECK(record, expected);
}
END_TEST

static void setup(void)
{
	guest_init(&guest);
}

int main(void)
{
	Suite *suite = suite_create("message_captures");
	TCase *tcase = harness_case(suite, "lives");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase,
	               boot_with_sixty_statuses_of_a_program_is_ready_once_and_exits_with_42);
	tcase_add_test(tcase, in_an_emergency_ready_is_never_told_not_even_by_time);
	tcase_add_test(tcase, a_guest_told_to_exit_early_is_never_ready);
	tcase_add_test(tcase, reload_soft_reboot_and_reboot_are_one_ready_and_one_exit);
	tcase_add_test(tcase, after_that_reboot_in_place_the_emergency_of_the_next_life_is_seen);
	tcase_add_test(tcase, a_systemd_initrd_shows_its_jobs_and_is_ready_after_switch_root_only);
	tcase_add_test(tcase, a_guest_that_leaves_emergency_mode_is_ready_then);
	tcase_add_test(tcase, a_soft_reboot_of_systemd_262_is_ready_again_and_its_exit_is_told);
	tcase_add_test(
		tcase,
		a_guest_of_systemd_254_is_ready_at_once_and_its_exit_status_is_taken_for_a_programs);
	tcase_add_test(tcase, with_a_ready_unit_ready_is_told_at_that_unit);
	return harness_run(suite);
}
