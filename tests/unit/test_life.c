/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/notify/life: when READY=1 means ready. */
#include "plugins/notify/life.h"

#include "harness.h"

#define NOW UINT64_C(5000000)

static enum life_news says(struct life *life, const char *name, const char *value)
{
	struct field field = {name, strlen(name), value, strlen(value)};

	return life_systemd(life, &field);
}

static enum life_news active(struct life *life, const char *unit)
{
	return says(life, "X_SYSTEMD_UNIT_ACTIVE", unit);
}

static enum life_news inactive(struct life *life, const char *unit)
{
	return says(life, "X_SYSTEMD_UNIT_INACTIVE", unit);
}

/* A guest that has announced itself, as the first messages of every capture do. */
static struct life announced(void)
{
	struct life life = {0};

	ck_assert_int_eq(says(&life, "X_SYSTEMD_HOSTNAME", "guestvm"), LIFE_NOTHING);
	ck_assert_int_eq(says(&life, "X_SYSTEMD_SIGNALS_LEVEL", "2"), LIFE_NOTHING);
	return life;
}

START_TEST(a_guest_that_announces_nothing_is_ready_when_it_says_so)
{
	struct life life = {0};

	ck_assert_int_eq(life_ready(&life, NOW), LIFE_READY);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_READY);
	ck_assert_uint_eq(life.held_until_usec, 0);
}
END_TEST

START_TEST(with_basic_target_before_it_ready_is_ready_at_once)
{
	struct life life = announced();

	ck_assert_int_eq(active(&life, "sysinit.target"), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "basic.target"), LIFE_NOTHING);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_READY);
	ck_assert_int_eq(active(&life, "multi-user.target"), LIFE_NOTHING);
	ck_assert_int_eq(life_time(&life, NOW + LIFE_HOLD_USEC), LIFE_NOTHING);
}
END_TEST

START_TEST(without_basic_target_it_is_held_until_the_next_unit)
{
	struct life life = announced();

	ck_assert_int_eq(life_ready(&life, NOW), LIFE_NOTHING);
	ck_assert_uint_eq(life.held_until_usec, NOW + LIFE_HOLD_USEC);
	ck_assert_int_eq(inactive(&life, "final.target"), LIFE_NOTHING);
	ck_assert_int_eq(says(&life, "X_SYSTEMD_MACHINE_ID", "x"), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "getty.target"), LIFE_READY);
	ck_assert_uint_eq(life.held_until_usec, 0);
	ck_assert_int_eq(active(&life, "multi-user.target"), LIFE_NOTHING);
	ck_assert_int_eq(life_time(&life, UINT64_MAX), LIFE_NOTHING);
}
END_TEST

START_TEST(held_and_then_basic_target_is_ready_once)
{
	struct life life = announced();

	ck_assert_int_eq(life_ready(&life, NOW), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "basic.target"), LIFE_READY);
	ck_assert_int_eq(active(&life, "basic.target"), LIFE_NOTHING);
	ck_assert_int_eq(life_time(&life, UINT64_MAX), LIFE_NOTHING);
}
END_TEST

START_TEST(held_and_then_nothing_is_ready_when_the_time_has_come_and_not_before)
{
	struct life life = announced();

	ck_assert_int_eq(life_time(&life, UINT64_MAX), LIFE_NOTHING);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_NOTHING);
	ck_assert_int_eq(life_time(&life, NOW + LIFE_HOLD_USEC - 1), LIFE_NOTHING);
	ck_assert_int_eq(life_time(&life, NOW + LIFE_HOLD_USEC), LIFE_READY);
	ck_assert_int_eq(life_time(&life, UINT64_MAX), LIFE_NOTHING);
}
END_TEST

static const char *const emergencies[] = {"emergency.target", "rescue.target"};

START_TEST(an_emergency_after_ready_is_not_ready_not_even_later)
{
	struct life life = announced();

	ck_assert_int_eq(life_ready(&life, NOW), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, emergencies[_i]), LIFE_EMERGENCY);
	ck_assert_uint_eq(life.held_until_usec, 0);
	ck_assert_int_eq(life_time(&life, UINT64_MAX), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "getty.target"), LIFE_NOTHING);
}
END_TEST

START_TEST(an_emergency_before_ready_is_not_ready_not_even_later)
{
	struct life life = announced();

	ck_assert_int_eq(active(&life, emergencies[_i]), LIFE_EMERGENCY);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_EMERGENCY);
	ck_assert_uint_eq(life.held_until_usec, 0);
	ck_assert_int_eq(life_time(&life, UINT64_MAX), LIFE_NOTHING);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_EMERGENCY);
}
END_TEST

START_TEST(after_an_emergency_the_boot_that_goes_on_is_ready_at_basic_target)
{
	struct life life = announced();

	ck_assert_int_eq(life_ready(&life, NOW), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, emergencies[_i]), LIFE_EMERGENCY);
	ck_assert_int_eq(inactive(&life, emergencies[_i]), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "sysinit.target"), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "basic.target"), LIFE_READY);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_READY);
}
END_TEST

START_TEST(after_an_emergency_before_ready_the_boot_that_goes_on_is_ready_when_it_says_so)
{
	struct life life = announced();

	ck_assert_int_eq(active(&life, emergencies[_i]), LIFE_EMERGENCY);
	ck_assert_int_eq(inactive(&life, emergencies[_i]), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "basic.target"), LIFE_NOTHING);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_READY);
}
END_TEST

START_TEST(a_ready_guest_that_falls_into_an_emergency_is_told_of)
{
	struct life life = announced();

	active(&life, "basic.target");
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_READY);
	ck_assert_int_eq(inactive(&life, "basic.target"), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, emergencies[_i]), LIFE_EMERGENCY);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_EMERGENCY);
}
END_TEST

START_TEST(soft_reboot_takes_basic_target_away_until_it_is_announced_again)
{
	struct life life = announced();

	active(&life, "basic.target");
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_READY);
	inactive(&life, "basic.target");
	ck_assert_int_eq(active(&life, "shutdown.target"), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "final.target"), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "soft-reboot.target"), LIFE_NOTHING);
	ck_assert_int_eq(says(&life, "X_SYSTEMD_SIGNALS_LEVEL", "2"), LIFE_NOTHING);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "basic.target"), LIFE_READY);
}
END_TEST

START_TEST(after_a_shutdown_the_next_life_starts_over)
{
	struct life life = announced();

	active(&life, "basic.target");
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_READY);
	ck_assert_int_eq(says(&life, "X_SYSTEMD_SHUTDOWN", "reboot"), LIFE_NOTHING);
	ck_assert_int_eq(says(&life, "X_SYSTEMD_HOSTNAME", "guestvm"), LIFE_NOTHING);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "emergency.target"), LIFE_EMERGENCY);
	ck_assert_int_eq(says(&life, "X_SYSTEMD_SHUTDOWN", "reboot"), LIFE_NOTHING);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_READY);
}
END_TEST

START_TEST(a_shutdown_withdraws_a_ready_that_is_held)
{
	struct life life = announced();

	ck_assert_int_eq(life_ready(&life, NOW), LIFE_NOTHING);
	ck_assert_int_eq(says(&life, "X_SYSTEMD_SHUTDOWN", "poweroff"), LIFE_NOTHING);
	ck_assert_uint_eq(life.held_until_usec, 0);
	ck_assert_int_eq(life_time(&life, UINT64_MAX), LIFE_NOTHING);
}
END_TEST

START_TEST(the_order_of_systemd_262_is_followed_too)
{
	struct life life = {0};

	ck_assert_int_eq(says(&life, "X_SYSTEMD_MACHINE_ID", "0"), LIFE_NOTHING);
	ck_assert_int_eq(says(&life, "X_SYSTEMD_HOSTNAME", "guestvm"), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "imports.target"), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "basic.target"), LIFE_NOTHING);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_READY);
}
END_TEST

START_TEST(names_are_compared_whole)
{
	struct life life = announced();

	active(&life, "basic.target2");
	active(&life, "initrd-basic.target");
	ck_assert_int_eq(says(&life, "X_SYSTEMD_UNIT_ACTIVE2", "basic.target"), LIFE_NOTHING);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_NOTHING);
	ck_assert_int_eq(says(&life, "X_SYSTEMD_SHUTDOWN2", "reboot"), LIFE_NOTHING);
	ck_assert_uint_eq(life.held_until_usec, NOW + LIFE_HOLD_USEC);
}
END_TEST

START_TEST(with_a_ready_unit_only_that_unit_is_readiness)
{
	struct life life = {.ready_unit = "ssh-access.target"};

	ck_assert_int_eq(life_ready(&life, NOW), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "basic.target"), LIFE_NOTHING);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "multi-user.target"), LIFE_NOTHING);
	ck_assert_int_eq(life_time(&life, UINT64_MAX), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "ssh-access.target"), LIFE_READY);
	ck_assert_int_eq(says(&life, "X_SYSTEMD_SHUTDOWN", "reboot"), LIFE_NOTHING);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, "ssh-access.target"), LIFE_READY);
}
END_TEST

START_TEST(basic_target_may_be_the_ready_unit)
{
	struct life life = {.ready_unit = "basic.target"};

	ck_assert_int_eq(active(&life, "basic.target"), LIFE_READY);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_NOTHING);
}
END_TEST

START_TEST(the_ready_unit_may_be_one_of_the_emergency)
{
	struct life life = {.ready_unit = emergencies[_i]};

	ck_assert_int_eq(active(&life, emergencies[_i]), LIFE_READY);
	/* what was asked for is no trouble when the guest says READY=1 behind it */
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_NOTHING);
	ck_assert_int_eq(active(&life, emergencies[1 - _i]), LIFE_EMERGENCY);
}
END_TEST

START_TEST(with_a_ready_unit_too_ready_in_an_emergency_is_none)
{
	struct life life = {.ready_unit = "ssh-access.target"};

	ck_assert_int_eq(active(&life, emergencies[_i]), LIFE_EMERGENCY);
	ck_assert_int_eq(life_ready(&life, NOW), LIFE_EMERGENCY);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("life");
	TCase *tcase = harness_case(suite, "boot");

	tcase_add_test(tcase, a_guest_that_announces_nothing_is_ready_when_it_says_so);
	tcase_add_test(tcase, with_basic_target_before_it_ready_is_ready_at_once);
	tcase_add_test(tcase, without_basic_target_it_is_held_until_the_next_unit);
	tcase_add_test(tcase, held_and_then_basic_target_is_ready_once);
	tcase_add_test(tcase, held_and_then_nothing_is_ready_when_the_time_has_come_and_not_before);
	tcase_add_test(tcase, the_order_of_systemd_262_is_followed_too);
	tcase_add_test(tcase, names_are_compared_whole);
	tcase = harness_case(suite, "emergency");
	tcase_add_loop_test(tcase, an_emergency_after_ready_is_not_ready_not_even_later, 0, 2);
	tcase_add_loop_test(tcase, an_emergency_before_ready_is_not_ready_not_even_later, 0, 2);
	tcase_add_loop_test(
		tcase, after_an_emergency_the_boot_that_goes_on_is_ready_at_basic_target, 0, 2);
	tcase_add_loop_test(
		tcase,
		after_an_emergency_before_ready_the_boot_that_goes_on_is_ready_when_it_says_so, 0,
		2);
	tcase_add_loop_test(tcase, a_ready_guest_that_falls_into_an_emergency_is_told_of, 0, 2);
	tcase = harness_case(suite, "again");
	tcase_add_test(tcase, soft_reboot_takes_basic_target_away_until_it_is_announced_again);
	tcase_add_test(tcase, after_a_shutdown_the_next_life_starts_over);
	tcase_add_test(tcase, a_shutdown_withdraws_a_ready_that_is_held);
	tcase = harness_case(suite, "ready-unit");
	tcase_add_test(tcase, with_a_ready_unit_only_that_unit_is_readiness);
	tcase_add_test(tcase, basic_target_may_be_the_ready_unit);
	tcase_add_loop_test(tcase, the_ready_unit_may_be_one_of_the_emergency, 0, 2);
	tcase_add_loop_test(tcase, with_a_ready_unit_too_ready_in_an_emergency_is_none, 0, 2);
	return harness_run(suite);
}
