/* SPDX-License-Identifier: Apache-2.0 */
/* The captures of real guests (tests/captures) through plugins/notify/life: the edges of each whole life. */
#include "capture.h"
#include "life_fixture.h"

static void play(struct life *life, const char *name, char *shown, size_t size)
{
	struct capture capture = capture_open(name);
	struct life_step step;
	uint64_t now = 0;

	while (capture_next(&capture)) {
		now = 1 + (uint64_t)(capture.seconds * 1e6);
		if (life->held_until_usec && life->held_until_usec <= now) {
			life_time(life, now, &step);
			show_step(shown, size, &step);
		}
		life_message(life, capture.text, capture.length, now, &step);
		if (step.begins || step.count > 0) {
			if (shown[0])
				strcat(shown, " ");
			show_step(shown, size, &step);
		}
	}
	life_time(life, now + 10 * LIFE_HOLD_USEC, &step);
	ck_assert_uint_eq(step.count, 0);
}

/* In the order of capture_names. */
static const char *const edges[CAPTURE_COUNT] = {
	"booting ready stopping() stopping(poweroff) exit(42)",
	"booting emergency",
	"booting stopping() stopping(poweroff) exit(42)",
	"booting ready stopping() booting stopping() stopping(reboot)",
	"booting ready",
	"booting emergency recovered ready",
	"booting ready stopping() booting ready stopping() stopping(poweroff) exit(42)",
	"booting ready",
};

START_TEST(a_life_has_its_edges)
{
	struct life life = {0};
	char shown[512] = "";

	play(&life, capture_names[_i], shown, sizeof(shown));
	ck_assert_str_eq(shown, edges[_i]);
}
END_TEST

/* One after the other in one VM, whether the first life said its end, or the VM was reset. Of a guest that announces nothing it is not
 * seen that it is another life (life.h). */
START_TEST(a_life_after_another_has_the_same)
{
	struct life life = {0};
	char shown[512] = "", expected[512];
	int first = _i / CAPTURES_ANNOUNCED, second = _i % CAPTURES_ANNOUNCED;

	play(&life, capture_names[first], shown, sizeof(shown));
	play(&life, capture_names[second], shown, sizeof(shown));
	snprintf(expected, sizeof(expected), "%s %s", edges[first], edges[second]);
	ck_assert_str_eq(shown, expected);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("life_captures");
	TCase *tcase = harness_case(suite, "captures");

	tcase_add_loop_test(tcase, a_life_has_its_edges, 0, CAPTURE_COUNT);
	tcase_add_loop_test(tcase, a_life_after_another_has_the_same, 0,
	                    CAPTURES_ANNOUNCED * CAPTURES_ANNOUNCED);
	return harness_run(suite);
}
