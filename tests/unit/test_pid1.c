/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/notify/pid1: who sent a message, and is it whole, told by its content. */
#include "plugins/notify/pid1.h"

#include "capture.h"
#include "harness.h"

static bool begins(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Of the captures' messages, those that systemd-notify and other programs sent. */
static bool of_a_program(const char *text)
{
	if (begins(text, "EXIT_STATUS="))
		return !strstr(text, "X_SYSTEMD_SHUTDOWN=");
	return begins(text, "BARRIER=") || begins(text, "ERRNO=") ||
	       (begins(text, "STATUS=") && !begins(text, "STATUS=User job "));
}

START_TEST(of_every_capture_the_messages_of_pid_1_are_recognised_and_no_others)
{
	struct capture capture = capture_open(capture_names[_i]);
	unsigned count = 0;

	for (; capture_next(&capture); count++)
		ck_assert_msg(pid1_recognises(capture.text, capture.length) !=
		                      of_a_program(capture.text),
		              "%s", capture.text);
	ck_assert_uint_ge(count, 5);
}
END_TEST

/* Text whose end cannot be known from it: a host name, a reboot parameter, the digits of a clock, a descriptor's name. */
static bool ends_in_free_text(const char *text, size_t length)
{
	static const char *const free_text[] = {
		"X_SYSTEMD_HOSTNAME=",
		"RELOADING=1\nMONOTONIC_USEC=",
		"FDSTORE=1\nFDNAME=",
		"FDSTOREREMOVE=1\nFDNAME=",
	};

	for (size_t i = 0; i < sizeof(free_text) / sizeof(free_text[0]); i++)
		if (begins(text, free_text[i]) && length > strlen(free_text[i]))
			return true;
	return false;
}

static void check_prefixes(const char *text, size_t whole)
{
	for (size_t length = 0; length < whole; length++)
		ck_assert_msg(ends_in_free_text(text, length) || !pid1_recognises(text, length),
		              "recognised when cut after %zu bytes: %.*s", length, (int)length,
		              text);
}

START_TEST(of_every_capture_no_message_is_whole_when_it_has_been_cut)
{
	struct capture capture = capture_open(capture_names[_i]);

	while (capture_next(&capture))
		check_prefixes(capture.text, capture.length);
}
END_TEST

static const char *const recognised[] = {
	"READY=1\nSTATUS=Ready.",
	"X_SYSTEMD_UNIT_ACTIVE=imports.target",
	"X_SYSTEMD_UNIT_INACTIVE=a.target",
	"X_SYSTEMD_HOSTNAME=h",
	"X_SYSTEMD_SIGNALS_LEVEL=2",
	"X_SYSTEMD_SIGNALS_LEVEL=10",
	"X_SYSTEMD_MACHINE_ID=0123456789abcdef0123456789abcdef",
	"RELOADING=1\nMONOTONIC_USEC=1",
	"EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=halt",
	"EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=exit",
	"EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=kexec",
	"EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot",
	"EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=poweroff",
	"EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot\nX_SYSTEMD_REBOOT_PARAMETER=firmware",
	"STATUS=(1 of 5) User job systemd-udevd.service/start running (19s / 1min 43s)...",
	"STATUS=(12 of 345) User job a.service/start running (1s / no limit)...",
	"STATUS=User job a.service/stop running (1s / no limit)...",
	"STATUS=Activating special unit ctrl-alt-del.target...",
	/* systemd 261 */
	"FDSTORE=1\nFDNAME=systemd-fdstore-mapping",
	"FDSTORE=1\nFDNAME=sub-fdstore-1",
	"FDSTOREREMOVE=1\nFDNAME=sub-fdstore-1",
	/* systemd 254 */
	"RELOADING=1\nMONOTONIC_USEC=1\n",
};

START_TEST(what_systemds_source_says_it_sends_is_recognised)
{
	ck_assert(pid1_recognises(recognised[_i], strlen(recognised[_i])));
}
END_TEST

START_TEST(what_systemds_source_says_it_sends_is_not_whole_when_cut)
{
	const char *text = recognised[_i];

	if (strstr(text, "REBOOT_PARAMETER")) /* that line may be missing, or be any text */
		return;
	if (begins(text, "X_SYSTEMD_SIGNALS_LEVEL=1")) /* a level of two digits has not been seen */
		return;
	check_prefixes(text, strlen(text));
}
END_TEST

static const char *const not_recognised[] = {
	"",
	"\n",
	"=",
	"READY=1",
	"READY=1\n",
	"READY=1\nSTATUS=Ready",
	"READY=1\nSTATUS=Ready.\n",
	"READY=1\nSTATUS=Ready. Really.",
	"STATUS=Ready.\nREADY=1",
	"STATUS=hello",
	"FDSTORE=1",
	"FDSTORE=1\nFDNAME=",
	"FDSTORE=1\nFDNAME=a\n",
	"FDSTORE=1\nFDNAME=a\nFDPOLL=0",
	"FDNAME=a\nFDSTORE=1",
	"FDSTORE=2\nFDNAME=a",
	"STATUS=Activating special unit a.target",
	"STATUS=Activating special unit a.target...\n",
	"STATUS=Activating special unit a.target\nSTATUS=...",
	"RELOADING=1\nMONOTONIC_USEC=\n",
	"RELOADING=1\nMONOTONIC_USEC=1\nSTATUS=x",
	"STATUS=User",
	"STATUS=User job a/start running (1s / 2s)... and more",
	"STATUS=User job a/start running (1s / 2s)...\n",
	"STATUS=User job a/start running (1s / 2s)...\nREADY=1",
	"STATUS=a\nSTATUS=User job a/start running (1s / 2s)...",
	"STATUS=(1 of ) User job a/start running (1s / 2s)...",
	"STATUS=( of 2) User job a/start running (1s / 2s)...",
	"STATUS=(1 of 2)User job a/start running (1s / 2s)...",
	"STATUS=(1 in 2) User job a/start running (1s / 2s)...",
	"STATUS=(x) User job a/start running (1s / 2s)...",
	"BARRIER=1",
	"EXIT_STATUS=1",
	"EXIT_STATUS=1\nERRNO=2",
	"ERRNO=2",
	"STOPPING=1",
	"RELOADING=1",
	"RELOADING=1\nMONOTONIC_USEC=",
	"RELOADING=1\nMONOTONIC_USEC=1x",
	"X_SYSTEMD_UNIT_ACTIVE=ssh.service",
	"X_SYSTEMD_UNIT_ACTIVE=basic.target\n",
	"X_SYSTEMD_UNIT_ACTIVE=basic.target\nSTATUS=x",
	"X_SYSTEMD_UNIT_ACTIVE=basic.target\nno assignment",
	"no assignment\nX_SYSTEMD_UNIT_ACTIVE=basic.target",
	"X_SYSTEMD_HOSTNAME=",
	"X_SYSTEMD_HOSTNAME",
	"X_SYSTEMD_OTHER=1",
	"X_SYSTEMD_MACHINE_ID=0123456789abcdef0123456789abcde",
	"X_SYSTEMD_MACHINE_ID=0123456789abcdef0123456789abcdef0",
	"X_SYSTEMD_MACHINE_ID=0123456789abcdef0123456789abcdeg",
	"X_SYSTEMD_SIGNALS_LEVEL=",
	"X_SYSTEMD_SIGNALS_LEVEL=two",
	"EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=",
	"EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=hal",
	"EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=Halt",
	"EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot\n",
	"EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot\nX_SYSTEMD_REBOOT_PARAMETER=",
};

START_TEST(anything_else_may_go_on_or_be_of_a_program)
{
	ck_assert(!pid1_recognises(not_recognised[_i], strlen(not_recognised[_i])));
}
END_TEST

START_TEST(a_nul_byte_is_no_digit_and_no_letter)
{
	static const struct {
		const char *text;
		size_t length;
	} with_nul[] = {
		{"X_SYSTEMD_SIGNALS_LEVEL=\0", 25},
		{"RELOADING=1\nMONOTONIC_USEC=1\0", 29},
		{"X_SYSTEMD_MACHINE_ID=0123456789abcdef0123456789abcde\0", 53},
		{"EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=hal\0", 37},
		{"STATUS=(1\0 of 5) User job a/start running (1s / 2s)...", 54},
	};

	for (size_t i = 0; i < sizeof(with_nul) / sizeof(with_nul[0]); i++)
		ck_assert_msg(!pid1_recognises(with_nul[i].text, with_nul[i].length), "%s",
		              with_nul[i].text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pid1");
	TCase *tcase = harness_case(suite, "captures");

	tcase_add_loop_test(tcase,
	                    of_every_capture_the_messages_of_pid_1_are_recognised_and_no_others, 0,
	                    CAPTURE_COUNT);
	tcase_add_loop_test(tcase, of_every_capture_no_message_is_whole_when_it_has_been_cut, 0,
	                    CAPTURE_COUNT);
	tcase = harness_case(suite, "texts");
	tcase_add_loop_test(tcase, what_systemds_source_says_it_sends_is_recognised, 0,
	                    (int)(sizeof(recognised) / sizeof(recognised[0])));
	tcase_add_loop_test(tcase, what_systemds_source_says_it_sends_is_not_whole_when_cut, 0,
	                    (int)(sizeof(recognised) / sizeof(recognised[0])));
	tcase_add_loop_test(tcase, anything_else_may_go_on_or_be_of_a_program, 0,
	                    (int)(sizeof(not_recognised) / sizeof(not_recognised[0])));
	tcase_add_test(tcase, a_nul_byte_is_no_digit_and_no_letter);
	return harness_run(suite);
}
