/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/notify/message: one message into at most one datagram, and how large that gets. */
#include "plugins/notify/message.h"

#include "guest_fixture.h"

#define EMERGENCY "STATUS=" MESSAGE_EMERGENCY
#define LONGEST   4096

static const char *told(const char *text)
{
	return told_at(text, 1);
}

/* A guest that is ready with basic.target, announces nothing, or is in an emergency. */
enum which {
	OLD,
	BASIC,
	BOOTING,
	EMERGENT
};

static void begin(enum which which)
{
	guest_init(&guest);
	guest.life = (struct life){
		.phase = which == EMERGENT ? LIFE_DEGRADED : LIFE_BOOTING,
		.announces = which != OLD,
		.basic = which == BASIC,
		.emergency = which == EMERGENT,
	};
}

static const struct {
	enum which which;
	const char *text;
	const char *told;
	bool state;
	bool barrier;
	unsigned malformed;
} cases[] = {
	{OLD, "", "", false, false, 0},
	{OLD, "\n\n", "", false, false, 0},
	{OLD, "READY=1", "READY=1", true, false, 0},
	{OLD, "READY=1\n", "READY=1", true, false, 0},
	{OLD, "READY=1\nSTATUS=Ready.", "READY=1\nSTATUS=Ready.", true, false, 0},
	{OLD, "STATUS=Ready.\nREADY=1", "STATUS=Ready.\nREADY=1", true, false, 0},
	{OLD, "STATUS=x", "STATUS=x", false, false, 0},
	{OLD, "STATUS=", "STATUS=", false, false, 0},
	{OLD, "STATUS=\x1b[2J\xff", "STATUS=?[2J?", false, false, 0},
	{OLD, "STATUS=a\nSTATUS=b", "STATUS=a", false, false, 0},
	{OLD, "READY=1\nREADY=1", "READY=1", true, false, 0},
	{OLD, "READY=0", "", false, false, 0},
	{OLD, "STOPPING=1\nSTATUS=x", "STOPPING=1\nSTATUS=x", true, false, 0},
	{OLD, "EXTEND_TIMEOUT_USEC=5", "EXTEND_TIMEOUT_USEC=5", false, false, 0},
	{OLD, "EXIT_STATUS=3", "", false, false, 0},
	{OLD, "EXIT_STATUS=3\nERRNO=2", "", false, false, 0},
	{OLD, "EXIT_STATUS=3\nX_SYSTEMD_SHUTDOWN=poweroff", "EXIT_STATUS=3", true, false, 0},
	{OLD, "X_SYSTEMD_SHUTDOWN=poweroff\nEXIT_STATUS=3", "EXIT_STATUS=3", true, false, 0},
	{OLD, "EXIT_STATUS=256\nX_SYSTEMD_SHUTDOWN=poweroff", "", false, false, 0},
	{OLD, "X_SYSTEMD_SHUTDOWN=poweroff", "", false, false, 0},
	{OLD, "BARRIER=1", "", false, true, 0},
	{OLD, "BARRIER=1\n", "", false, true, 0},
	{OLD, "BARRIER=1\nREADY=1", "READY=1", true, false, 0},
	{OLD, "READY=1\nBARRIER=1", "READY=1", true, false, 0},
	{OLD, "BARRIER=1\nBARRIER=1", "", false, false, 0},
	{OLD, "BARRIER=0", "", false, false, 0},
	{OLD, "MAINPID=1\nREADY=1\nFDSTORE=1\nNOTIFYACCESS=all", "READY=1", true, false, 0},
	{OLD, "WATCHDOG=trigger\nSTATUS=x\nWATCHDOG=1", "STATUS=x", false, false, 0},
	{OLD, "RELOADING=1\nMONOTONIC_USEC=5", "", false, false, 0},
	{OLD, "rubbish", "", false, false, 1},
	{OLD, "=\nREADY=1\nrubbish", "READY=1", true, false, 2},
	{BASIC, "READY=1\nSTATUS=Ready.", "READY=1\nSTATUS=Ready.", true, false, 0},
	{BASIC, "X_SYSTEMD_UNIT_ACTIVE=a.target\nSTATUS=x", "STATUS=x", false, false, 0},
	{BOOTING, "READY=1", "", false, false, 0},
	{BOOTING, "READY=1\nSTATUS=Ready.", "STATUS=Ready.", false, false, 0},
	{BOOTING, "READY=1\nX_SYSTEMD_UNIT_ACTIVE=basic.target", "READY=1", true, false, 0},
	{BOOTING, "X_SYSTEMD_UNIT_ACTIVE=basic.target\nREADY=1", "READY=1", true, false, 0},
	{BOOTING, "STATUS=x\nX_SYSTEMD_UNIT_ACTIVE=emergency.target\nSTOPPING=1", EMERGENCY, false,
         false, 0},
	{BOOTING, "READY=1\nX_SYSTEMD_UNIT_ACTIVE=rescue.target", EMERGENCY, false, false, 0},
	{EMERGENT, "READY=1\nSTATUS=Ready.", EMERGENCY, false, false, 0},
	{EMERGENT, "STATUS=still here", "STATUS=still here", false, false, 0},
};

START_TEST(a_message_becomes_what_may_pass_of_it)
{
	begin(cases[_i].which);
	ck_assert_str_eq(told(cases[_i].text), cases[_i].told);
	ck_assert_int_eq(result.state, cases[_i].state);
	ck_assert_int_eq(result.barrier, cases[_i].barrier);
	ck_assert_uint_eq(guest.step.facts.malformed, cases[_i].malformed);
}
END_TEST

START_TEST(readiness_that_comes_of_another_message_is_a_datagram_of_its_own)
{
	begin(BOOTING);
	ck_assert_str_eq(told("READY=1\nSTATUS=Ready."), "STATUS=Ready.");
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=getty.target\nSTATUS=x"), "STATUS=x\nREADY=1");
	ck_assert(result.state);
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=multi-user.target"), "");
}
END_TEST

START_TEST(readiness_that_comes_of_time_is_a_datagram_of_its_own)
{
	begin(BOOTING);
	ck_assert_str_eq(told("READY=1"), "");
	message_time(&guest, 1, &result);
	ck_assert_uint_eq(result.length, 0);
	ck_assert(!result.state);
	message_time(&guest, 1 + LIFE_HOLD_USEC, &result);
	ck_assert_uint_eq(result.length, strlen("READY=1"));
	ck_assert_mem_eq(result.text, "READY=1", result.length);
	ck_assert(result.state);
	message_time(&guest, UINT64_MAX, &result);
	ck_assert_uint_eq(result.length, 0);
}
END_TEST

static void note_seen(void *user, const struct field *field, bool refused)
{
	char *seen = user;

	sprintf(seen + strlen(seen), "%.*s%s ", (int)field->name_length, field->name,
	        refused ? "!" : "");
}

START_TEST(what_is_refused_is_told_from_what_is_kept_back)
{
	static const char text[] = "READY=1\nMAINPID=1\nX_SYSTEMD_A=1\nEXIT_STATUS=1\nBARRIER=1\n"
				   "STATUS=a\nSTATUS=b\nrubbish\nREADY=0";
	char seen[256] = "";

	begin(BOOTING);
	message_translate(&guest, text, strlen(text), 1, &result, note_seen, seen);
	ck_assert_str_eq(seen, "READY MAINPID! X_SYSTEMD_A EXIT_STATUS! BARRIER! STATUS STATUS "
	                       "READY! ");
	seen[0] = '\0';
	message_translate(&guest, "BARRIER=1", 9, 1, &result, note_seen, seen);
	ck_assert_str_eq(seen, "BARRIER ");
	seen[0] = '\0';
	message_translate(&guest, "X_SYSTEMD_SHUTDOWN=a\nEXIT_STATUS=1", 34, 1, &result, note_seen,
	                  seen);
	ck_assert_str_eq(seen, "X_SYSTEMD_SHUTDOWN EXIT_STATUS ");
}
END_TEST

/* Every beginning of a message of the greatest size, with every filler behind it, to every guest. */
static const char *const beginnings[] = {
	"",
	"STATUS=",
	"READY=1\nSTATUS=",
	"STATUS=x\nSTATUS=",
	"READY=1\nSTOPPING=1\nEXTEND_TIMEOUT_USEC=18446744073709551615\nSTATUS=",
	"X_SYSTEMD_UNIT_ACTIVE=basic.target\nREADY=1\nSTATUS=",
	"READY=1\nX_SYSTEMD_UNIT_ACTIVE=a.target\nSTATUS=",
	"X_SYSTEMD_UNIT_ACTIVE=a\nSTATUS=",
	"X_SYSTEMD_UNIT_ACTIVE=emergency.target\nSTATUS=",
	("READY=1\nX_SYSTEMD_UNIT_ACTIVE=emergency.target\nSTOPPING=1\nEXIT_STATUS=255\n"
         "X_SYSTEMD_SHUTDOWN=a\nEXTEND_TIMEOUT_USEC=18446744073709551615\nSTATUS="),
	"EXIT_STATUS=255\nX_SYSTEMD_SHUTDOWN=reboot\nSTATUS=",
	"EXIT_STATUS=",
	"X_SYSTEMD_HOSTNAME=",
	"MAINPID=",
	"=",
};

static const char *const fillers[] = {
	"x",         "\xff", "\xc3\xbc", "\xf0\x9f\x98\x80", "=",
	"\n",        "=\n",  "A=\n",     "READY=1\n",        "STATUS=x\n",
	"\x1b",      "1",    "a\n\n=",   "BARRIER=1\n",      "X_SYSTEMD_UNIT_ACTIVE=b\nREADY=1\n",
	"STATUS=\n",
};

START_TEST(a_message_of_the_greatest_size_never_gets_longer)
{
	static const char *const units[] = {NULL, "a.target", "a"};
	char text[LONGEST + 1];

	for (size_t filler = 0; filler < sizeof(fillers) / sizeof(fillers[0]); filler++) {
		size_t used = strlen(beginnings[_i]);

		memcpy(text, beginnings[_i], used);
		for (const char *f = fillers[filler]; used < LONGEST; used++) {
			text[used] = *f++;
			if (!*f)
				f = fillers[filler];
		}
		text[LONGEST] = '\0';
		for (enum which which = OLD; which <= EMERGENT; which++) {
			for (int unit = 0; unit < 3; unit++) {
				begin(which);
				guest.life.ready_unit = units[unit];
				told(text);
				told(text);
				ck_assert_uint_le(result.length, LONGEST);
			}
		}
	}
}
END_TEST

START_TEST(a_status_of_the_greatest_size_passes_whole)
{
	char text[LONGEST + 1];

	begin(OLD);
	memset(text, 'x', LONGEST);
	text[LONGEST] = '\0';
	memcpy(text, "STATUS=", 7);
	ck_assert_str_eq(told(text), text);
	memcpy(text, "READY=1\nSTATUS=", 15);
	ck_assert_str_eq(told(text), text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("message");
	TCase *tcase = harness_case(suite, "message");

	tcase_add_loop_test(tcase, a_message_becomes_what_may_pass_of_it, 0,
	                    (int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_test(tcase, what_is_refused_is_told_from_what_is_kept_back);
	tcase = harness_case(suite, "news");
	tcase_add_test(tcase, readiness_that_comes_of_another_message_is_a_datagram_of_its_own);
	tcase_add_test(tcase, readiness_that_comes_of_time_is_a_datagram_of_its_own);
	tcase = harness_case(suite, "size");
	tcase_add_loop_test(tcase, a_message_of_the_greatest_size_never_gets_longer, 0,
	                    (int)(sizeof(beginnings) / sizeof(beginnings[0])));
	tcase_add_test(tcase, a_status_of_the_greatest_size_passes_whole);
	return harness_run(suite);
}
