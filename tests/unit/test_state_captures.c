/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real guests' whole lives (tests/captures), through the notify plugin, into a state: which lives it goes through,
 * and what is known at the end. With a VMM whose end is seen, and without.
 */
#include "state/state.h"

#include "capture.h"
#include "notify_host.h"
#include "state_fixture.h"

/* The lives that it went through: "booting:1 ready:1 ...", the number being that of boots. */
static char lives[1024];

static void note_life(void)
{
	static char last[64];
	char text[64];

	snprintf(text, sizeof(text), "%s:%u ", life(), state.boots);
	if (strcmp(text, last) == 0)
		return;
	strcpy(last, text);
	strncat(lives, text, sizeof(lives) - strlen(lives) - 1);
}

static void fake_event(const struct vsn_host *one, const struct vsn_event *event)
{
	(void)one;
	if (event->text)
		ck_assert_uint_eq(strlen(event->text), event->length);
	state_event(&state, event);
	note_life();
}

static void play(const char *name, const char *track)
{
	struct capture capture = capture_open(name);

	host.event = fake_event;
	plugin_setup();
	ck_assert_int_eq(plugin->config(user, "track", track), 0);
	note_life();
	while (capture_next(&capture)) {
		message_usec = 1000 * STATE_SECOND + (uint64_t)(capture.seconds * 1e6);
		if (timer_usec && timer_usec <= message_usec)
			plugin->timer(user, timer_usec);
		ck_assert_int_eq(message(capture.text, capture.length), 0);
	}
	plugin_teardown();
	if (lives[0])
		lives[strlen(lives) - 1] = '\0';
}

/* Of each capture, in the order of their names. */
static const struct {
	const char *lives; /* with a VMM, whose end is seen */
	const char *alone; /* without */
	const char *way;
	int exit_status;
	unsigned refused;
	int basic; /* basic.target: active, not any more, or -1: never heard of */
} expected[] = {
	{"waiting:0 booting:1 ready:1 stopping:1",
         "waiting:0 booting:1 ready:1 stopping:1 stopped:1", "poweroff", 42, 1, 0},
	{"waiting:0 booting:1 emergency:1", "waiting:0 booting:1 emergency:1", "", -1, 0, -1},
	{"waiting:0 booting:1 stopping:1", "waiting:0 booting:1 stopping:1 stopped:1", "poweroff",
         42, 0, 0},
	/* The second life, after the soft-reboot, was told to reboot before it was ready. */
	{"waiting:0 booting:1 ready:1 stopping:1 booting:2 stopping:2",
         "waiting:0 booting:1 ready:1 stopping:1 booting:2 stopping:2", "reboot", -1, 4, 0},
	{"waiting:0 booting:1 ready:1", "waiting:0 booting:1 ready:1", "", -1, 2, 1},
	{"waiting:0 booting:1 emergency:1 booting:1 ready:1",
         "waiting:0 booting:1 emergency:1 booting:1 ready:1", "", -1, 0, 1},
	{"waiting:0 booting:1 ready:1 stopping:1 booting:2 ready:2 stopping:2",
         "waiting:0 booting:1 ready:1 stopping:1 booting:2 ready:2 stopping:2 stopped:2",
         "poweroff", 42, 4, 0},
	/* No exit status: systemd 254 says it as programs do, which said the others that are refused. */
	{"waiting:0 booting:1 ready:1", "waiting:0 booting:1 ready:1", "", -1, 76, -1},
};

static void check_names(int which)
{
	bool announced = which < CAPTURES_ANNOUNCED;
	const char *hostname =
		strstr(capture_names[which], "systemd257") ? "guestvm" : "linux-guest";

	ck_assert_pstr_eq(state_field(&state, "X_SYSTEMD_HOSTNAME"), announced ? hostname : NULL);
	ck_assert_pstr_eq(state_field(&state, "X_SYSTEMD_SIGNALS_LEVEL"), announced ? "2" : NULL);
	if (announced)
		ck_assert_uint_eq(strlen(state_field(&state, "X_SYSTEMD_MACHINE_ID")), 32);
}

static void check_outcome(int which)
{
	const struct state_fact *basic = unit_of("basic.target");

	ck_assert_str_eq(state.way, expected[which].way);
	ck_assert_int_eq(state.exit_status, expected[which].exit_status);
	ck_assert_uint_eq(state.refused, expected[which].refused);
	ck_assert_int_eq(basic ? (int)basic->number : -1, expected[which].basic);
	check_names(which);
	ck_assert_uint_eq(state.facts.lost[STATE_UNIT] + state.facts.lost[STATE_FIELD], 0);
	ck_assert_uint_ge(state.since_usec, state.first_usec);
}

START_TEST(a_capture_with_a_vmm)
{
	happens_with(VSN_EVENT_VM_STARTED, 77, NULL);
	play(capture_names[_i], "on");
	ck_assert_str_eq(lives, expected[_i].lives);
	check_outcome(_i);
}
END_TEST

START_TEST(a_capture_without_a_vmm)
{
	play(capture_names[_i], "off");
	ck_assert_str_eq(lives, expected[_i].alone);
	check_outcome(_i);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("state_captures");
	TCase *tcase = harness_case(suite, "captures");

	tcase_add_checked_fixture(tcase, state_setup, NULL);
	tcase_add_loop_test(tcase, a_capture_with_a_vmm, 0, CAPTURE_COUNT);
	tcase_add_loop_test(tcase, a_capture_without_a_vmm, 0, CAPTURE_COUNT);
	return harness_run(suite);
}
