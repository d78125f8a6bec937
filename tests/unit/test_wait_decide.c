/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of show/wait_decide: what becomes of waiting. */
#include "show/wait/wait_decide.h"

#include "harness.h"

#define BEGUN  1000
#define LOOKED 2000

static struct state state;

static void setup(void)
{
	state_init(&state, 1);
	state.life = STATE_BOOTING;
}

static struct wait_condition condition(const char *text)
{
	struct wait_condition made = {.begun_usec = BEGUN};

	ck_assert_int_eq(wait_condition_parse(text, &made), 0);
	return made;
}

static struct vm_facts facts(enum writer writer)
{
	return (struct vm_facts){
		.state = &state, .looked_usec = LOOKED, .writer = writer, .exit_status = -1};
}

static enum wait_outcome decide(const char *text, enum writer writer)
{
	struct wait_condition made = condition(text);
	struct vm_facts known = facts(writer);

	return wait_decide(&made, &known);
}

static void learn(enum state_fact_kind kind, const char *name, const char *value, uint64_t number,
                  uint64_t usec)
{
	struct state_fact *fact =
		state_fact_set(&state.facts, kind, (struct state_text){name, strlen(name)},
	                       (struct state_text){value, strlen(value)});

	ck_assert_ptr_nonnull(fact);
	fact->number = number;
	fact->usec = usec;
}

/* Each state, with a writer that is alive, and one that is gone. */
static const struct {
	enum state_life life;
	enum wait_outcome ready, exit, ready_gone, exit_gone;
} lives[] = {
	{STATE_WAITING, WAIT_ON, WAIT_ON, WAIT_NEVER, WAIT_NEVER},
	{STATE_BOOTING, WAIT_ON, WAIT_ON, WAIT_NEVER, WAIT_NEVER},
	{STATE_READY, WAIT_REACHED, WAIT_ON, WAIT_NEVER, WAIT_NEVER},
	{STATE_EMERGENCY, WAIT_ON, WAIT_ON, WAIT_NEVER, WAIT_NEVER},
	{STATE_STOPPING, WAIT_ON, WAIT_ON, WAIT_NEVER, WAIT_NEVER},
	{STATE_STOPPED, WAIT_NEVER, WAIT_REACHED, WAIT_NEVER, WAIT_REACHED},
	{STATE_PANICKED, WAIT_NEVER, WAIT_ON, WAIT_NEVER, WAIT_REACHED},
};

START_TEST(each_life_means_what_it_says)
{
	state.life = lives[_i].life;
	ck_assert_int_eq(decide("ready", WRITER_ALIVE), lives[_i].ready);
	ck_assert_int_eq(decide("exit", WRITER_ALIVE), lives[_i].exit);
	/* What cannot be known changes nothing. */
	ck_assert_int_eq(decide("ready", WRITER_UNKNOWN), lives[_i].ready);
	ck_assert_int_eq(decide("exit", WRITER_UNKNOWN), lives[_i].exit);
	ck_assert_int_eq(decide("ready", WRITER_GONE), lives[_i].ready_gone);
	ck_assert_int_eq(decide("exit", WRITER_GONE), lives[_i].exit_gone);
}
END_TEST

START_TEST(what_has_not_started_is_waited_for)
{
	const struct vm_facts none = {.exit_status = -1};
	const char *const all[] = {"ready", "exit", "unit:u", "field:X_F=v"};

	for (unsigned i = 0; i < 4; i++) {
		struct wait_condition made = condition(all[i]);

		ck_assert_int_eq(wait_decide(&made, &none), WAIT_ON);
	}
}
END_TEST

START_TEST(what_has_not_come_in_this_boot_of_the_host_has_not_come)
{
	state.life = STATE_READY;
	state.ready_usec = LOOKED + 1;
	learn(STATE_UNIT, "u", "", 0, LOOKED + 1);
	ck_assert_int_eq(decide("ready", WRITER_GONE), WAIT_NEVER);
	ck_assert_int_eq(decide("unit:u", WRITER_GONE), WAIT_NEVER);
	state.ready_usec = LOOKED;
	ck_assert_int_eq(decide("ready", WRITER_GONE), WAIT_REACHED);
}
END_TEST

START_TEST(an_end_that_nobody_saw_counts)
{
	const struct vm_facts ended = {.ended = true, .exit_status = 42};
	struct wait_condition ready = condition("ready"), exit = condition("exit");
	char reason[WAIT_REASON_MAX];

	ck_assert_int_eq(wait_decide(&exit, &ended), WAIT_REACHED);
	ck_assert_int_eq(wait_exit_status(&ended), 42);
	ck_assert_int_eq(wait_decide(&ready, &ended), WAIT_NEVER);
	wait_reason(&ended, reason);
	ck_assert_str_eq(reason, "the guest has stopped, exit status 42");
}
END_TEST

START_TEST(an_end_of_another_exit_status_than_the_state_has)
{
	struct vm_facts ended = facts(WRITER_GONE);

	state.exit_status = 1;
	ended.ended = true;
	ended.exit_status = 0;
	ck_assert_int_eq(wait_exit_status(&ended), 0);
	ended.exit_status = -1;
	ck_assert_int_eq(wait_exit_status(&ended), 1);
}
END_TEST

START_TEST(a_guest_that_reboots_goes_on_unless_its_vm_ended)
{
	static const char *const ways[] = {"reboot", "kexec", "soft-reboot"};

	strcpy(state.way, ways[_i]);
	state.life = STATE_STOPPED;
	ck_assert_int_eq(decide("ready", WRITER_ALIVE), WAIT_ON);
	ck_assert_int_eq(decide("exit", WRITER_ALIVE), WAIT_ON);
	ck_assert_int_eq(decide("ready", WRITER_GONE), WAIT_NEVER);
	state.vmm_pid = 7;
	ck_assert_int_eq(decide("ready", WRITER_ALIVE), WAIT_NEVER);
	state.vmm_pid = 0;
	strcpy(state.way, "poweroff");
	ck_assert_int_eq(decide("ready", WRITER_ALIVE), WAIT_NEVER);
}
END_TEST

START_TEST(what_came_while_it_was_waited_for_came)
{
	state.life = STATE_STOPPED;
	state.ready_usec = BEGUN - 1;
	ck_assert_int_eq(decide("ready", WRITER_GONE), WAIT_NEVER);
	state.ready_usec = BEGUN;
	ck_assert_int_eq(decide("ready", WRITER_GONE), WAIT_REACHED);
}
END_TEST

START_TEST(units)
{
	learn(STATE_UNIT, "a.target", "", 1, BEGUN - 1);
	learn(STATE_UNIT, "old.target", "", 0, BEGUN - 1);
	learn(STATE_UNIT, "short.target", "", 0, BEGUN + 1);
	learn(STATE_UNIT, "first-said-inactive.target", "", 0, 0);
	learn(STATE_FIELD, "field", "1", 1, BEGUN + 1);
	ck_assert_int_eq(decide("unit:a.target", WRITER_ALIVE), WAIT_REACHED);
	ck_assert_int_eq(decide("unit:old.target", WRITER_ALIVE), WAIT_ON);
	ck_assert_int_eq(decide("unit:short.target", WRITER_ALIVE), WAIT_REACHED);
	ck_assert_int_eq(decide("unit:first-said-inactive.target", WRITER_ALIVE), WAIT_ON);
	ck_assert_int_eq(decide("unit:field", WRITER_ALIVE), WAIT_ON);
	ck_assert_int_eq(decide("unit:a.targe", WRITER_ALIVE), WAIT_ON);
	ck_assert_int_eq(decide("unit:other", WRITER_GONE), WAIT_NEVER);
	state.life = STATE_PANICKED;
	ck_assert_int_eq(decide("unit:other", WRITER_ALIVE), WAIT_NEVER);
}
END_TEST

START_TEST(fields)
{
	learn(STATE_FIELD, "X_F", "a=b", 0, 1);
	learn(STATE_FIELD, "X_E", "", 0, 1);
	ck_assert_int_eq(decide("field:X_F=a=b", WRITER_ALIVE), WAIT_REACHED);
	ck_assert_int_eq(decide("field:X_F=a", WRITER_ALIVE), WAIT_ON);
	ck_assert_int_eq(decide("field:X_F=", WRITER_ALIVE), WAIT_ON);
	ck_assert_int_eq(decide("field:X_E=", WRITER_ALIVE), WAIT_REACHED);
	ck_assert_int_eq(decide("field:X_G=", WRITER_ALIVE), WAIT_ON);
}
END_TEST

START_TEST(conditions_that_are_none)
{
	static const char *const wrong[] = {"",
	                                    "Ready",
	                                    "ready ",
	                                    "unit:",
	                                    "field:",
	                                    "field:A",
	                                    "field:=b",
	                                    "exit:1",
	                                    "field:X_A",
	                                    "field:A=b",
	                                    "field:STATUS=b",
	                                    "field:X_SYSTEMD_UNIT_ACTIVE=u",
	                                    "field:X_SYSTEMD_UNIT_INACTIVE=u"};
	struct wait_condition made;

	ck_assert_int_lt(wait_condition_parse(wrong[_i], &made), 0);
}
END_TEST

START_TEST(reasons)
{
	struct vm_facts known = facts(WRITER_GONE);
	char reason[WAIT_REASON_MAX];

	wait_reason(&known, reason);
	ck_assert_ptr_nonnull(strstr(reason, "vsock-notify is gone"));
	ck_assert_ptr_nonnull(strstr(reason, "the guest was booting"));
	state.life = STATE_PANICKED;
	wait_reason(&known, reason);
	ck_assert_str_eq(reason, "the guest's kernel panicked");
	state.life = STATE_STOPPED;
	wait_reason(&known, reason);
	ck_assert_str_eq(reason, "the guest has stopped");
	state.exit_status = 255;
	wait_reason(&known, reason);
	ck_assert_str_eq(reason, "the guest has stopped, exit status 255");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wait_decide");
	TCase *tcase = harness_case(suite, "decide");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_loop_test(tcase, each_life_means_what_it_says, 0,
	                    (int)(sizeof(lives) / sizeof(lives[0])));
	tcase_add_test(tcase, what_has_not_started_is_waited_for);
	tcase_add_test(tcase, what_has_not_come_in_this_boot_of_the_host_has_not_come);
	tcase_add_test(tcase, an_end_that_nobody_saw_counts);
	tcase_add_test(tcase, an_end_of_another_exit_status_than_the_state_has);
	tcase_add_loop_test(tcase, a_guest_that_reboots_goes_on_unless_its_vm_ended, 0, 3);
	tcase_add_test(tcase, what_came_while_it_was_waited_for_came);
	tcase_add_test(tcase, units);
	tcase_add_test(tcase, fields);
	tcase_add_loop_test(tcase, conditions_that_are_none, 0, 13);
	tcase_add_test(tcase, reasons);
	return harness_run(suite);
}
