/* SPDX-License-Identifier: Apache-2.0 */
/* The captures of real guests with track=on: what of each life the service manager is told, and what not. */
#include "plugins/notify/progress.h"

#include "capture.h"
#include "guest_fixture.h"

static char told[65536]; /* the datagrams, each followed by "\n--\n" */
static size_t told_length;

static void note(void)
{
	static const char end[] = "\n--\n";

	if (!result.length)
		return;
	ck_assert_uint_lt(told_length + result.length + sizeof(end), sizeof(told));
	memcpy(told + told_length, result.text, result.length);
	told_length += result.length;
	memcpy(told + told_length, end, sizeof(end));
	told_length += strlen(end);
}

static void play(const char *name)
{
	struct capture capture = capture_open(name);
	uint64_t now = 1;

	guest_init(&guest);
	set("track", "on");
	set("reboot", "reloading");
	while (capture_next(&capture)) {
		now = 1 + (uint64_t)(capture.seconds * 1e6);
		message_time(&guest, now, &result);
		note();
		message_translate(&guest, capture.text, capture.length, now, &result, NULL, NULL);
		note();
	}
	message_time(&guest, now + 10 * LIFE_HOLD_USEC, &result);
	note();
}

static unsigned count(const char *what)
{
	unsigned n = 0;

	for (const char *at = told; (at = strstr(at, what)); at += strlen(what))
		n++;
	return n;
}

/* How often each line is told in a capture. */
static const struct {
	const char *name;
	unsigned ready, stopping, reloading, booting, exit_status;
	const char *last; /* the last datagram */
} lives[] = {
	{"debian13-systemd257-60-notify-exit42", 1, 1, 0, 11, 1,
         "EXIT_STATUS=42\nSTOPPING=1\nSTATUS=guest is shutting down: poweroff\n--\n"},
	/* Its end says how it went, though it never was ready. */
	{"debian13-systemd257-exit-before-ready", 0, 1, 0, 10, 1,
         "EXIT_STATUS=42\nSTOPPING=1\nSTATUS=guest is shutting down: poweroff\n--\n"},
	{"debian13-systemd257-emergency", 0, 0, 0, 0, 0, "STATUS=" MESSAGE_EMERGENCY "\n--\n"},
	/* Ready once; then a soft-reboot, a reload; told to reboot before it was ready again. */
	{"debian13-systemd257-reload-softreboot-reboot", 1, 0, 1, 21, 0,
         "STATUS=guest is rebooting\n--\n"},
	{"debian13-systemd257-systemd-initrd", 1, 0, 0, 11, 0, "READY=1\nSTATUS=Ready.\n--\n"},
};

START_TEST(a_life_is_told_as_it_was)
{
	play(lives[_i].name);
	ck_assert_uint_eq(count("READY=1"), lives[_i].ready);
	ck_assert_uint_eq(count("STOPPING=1"), lives[_i].stopping);
	ck_assert_uint_eq(count("RELOADING=1"), lives[_i].reloading);
	ck_assert_uint_eq(count("STATUS=booting: reached "), lives[_i].booting);
	ck_assert_uint_eq(count("EXIT_STATUS="), lives[_i].exit_status);
	ck_assert_uint_ge(told_length, strlen(lives[_i].last));
	ck_assert_str_eq(told + told_length - strlen(lives[_i].last), lives[_i].last);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("progress_captures");
	TCase *tcase = harness_case(suite, "captures");

	tcase_add_loop_test(tcase, a_life_is_told_as_it_was, 0,
	                    (int)(sizeof(lives) / sizeof(lives[0])));
	return harness_run(suite);
}
