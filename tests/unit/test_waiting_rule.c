/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of guest/waiting_rule: how long is waited for the rest of a message. */
#include "guest/waiting_rule.h"

#include "harness.h"

#define EOF_ONLY WAITING_FOR_EOF
#define NONE     VSN_VERDICT_NONE
#define PATIENT  VSN_VERDICT_PATIENT
#define BRIEF    VSN_VERDICT_BRIEF
#define COMPLETE VSN_VERDICT_COMPLETE

static const struct {
	enum waiting_mode mode;
	bool passes_half_close;
	enum vsn_verdict verdict;
	uint64_t first_byte_usec;
	uint32_t slowest_usec;
	uint32_t wait_usec;
} waits[] = {
	{WAITING_EOF, false, NONE, 0, 0, EOF_ONLY},
	{WAITING_EOF, true, NONE, 0, 0, EOF_ONLY},
	{WAITING_EOF, false, BRIEF, 0, 0, EOF_ONLY},
	{WAITING_EOF, false, COMPLETE, 0, 0, EOF_ONLY},
	{WAITING_SETTLE, false, NONE, 0, 0, 777},
	{WAITING_SETTLE, true, NONE, 0, 0, 777},
	{WAITING_SETTLE, false, PATIENT, 999999, 999999, 777},
	{WAITING_SETTLE, false, BRIEF, 999999, 999999, 777},
	{WAITING_AUTO, true, NONE, 0, 0, EOF_ONLY},
	{WAITING_AUTO, true, PATIENT, 0, 0, EOF_ONLY},
	{WAITING_AUTO, true, BRIEF, 0, 0, EOF_ONLY},
	{WAITING_AUTO, true, COMPLETE, 0, 0, EOF_ONLY},
	/* twice the first byte's time, 500 us to 2 ms */
	{WAITING_AUTO, false, BRIEF, 0, 0, 500},
	{WAITING_AUTO, false, BRIEF, 250, 0, 500},
	{WAITING_AUTO, false, BRIEF, 251, 0, 502},
	{WAITING_AUTO, false, BRIEF, 700, 999999, 1400},
	{WAITING_AUTO, false, BRIEF, 999, 0, 1998},
	{WAITING_AUTO, false, BRIEF, 1000, 0, 2000},
	{WAITING_AUTO, false, BRIEF, 1001, 0, 2000},
	{WAITING_AUTO, false, BRIEF, UINT64_MAX, 0, 2000},
	/* four times the slowest answer, 100 ms to 1 s */
	{WAITING_AUTO, false, PATIENT, 0, 0, 100000},
	{WAITING_AUTO, false, PATIENT, UINT64_MAX, 0, 100000},
	{WAITING_AUTO, false, PATIENT, 0, 25000, 100000},
	{WAITING_AUTO, false, PATIENT, 0, 25001, 100004},
	{WAITING_AUTO, false, PATIENT, 0, 150000, 600000},
	{WAITING_AUTO, false, PATIENT, 0, 249999, 999996},
	{WAITING_AUTO, false, PATIENT, 0, 250000, 1000000},
	{WAITING_AUTO, false, PATIENT, 0, 250001, 1000000},
	{WAITING_AUTO, false, PATIENT, 0, UINT32_MAX, 1000000},
	/* nobody's opinion, and a sender that is held, are waited for as patiently */
	{WAITING_AUTO, false, NONE, 0, 0, 100000},
	{WAITING_AUTO, false, NONE, 0, 150000, 600000},
	{WAITING_AUTO, false, COMPLETE, 0, 0, 100000},
	{WAITING_AUTO, false, COMPLETE, 0, 150000, 600000},
};

START_TEST(the_wait_follows_mode_backend_sender_and_latency)
{
	struct waiting_options options = {.mode = waits[_i].mode, .settle_usec = 777};
	struct backend backend = {.passes_half_close = waits[_i].passes_half_close};

	backend.recent_usec[3] = waits[_i].slowest_usec;
	ck_assert_uint_eq(
		waiting_time(&options, &backend, waits[_i].verdict, waits[_i].first_byte_usec),
		waits[_i].wait_usec);
}
END_TEST

START_TEST(the_slowest_of_the_last_sixteen_answers_counts)
{
	struct backend backend = {0};

	ck_assert_uint_eq(backend_slowest_response(&backend), 0);
	backend_seen_response(&backend, 9000);
	for (int i = 1; i < WAITING_HISTORY; i++) {
		backend_seen_response(&backend, 10);
		ck_assert_uint_eq(backend_slowest_response(&backend), 9000);
	}
	backend_seen_response(&backend, 20);
	ck_assert_uint_eq(backend_slowest_response(&backend), 20);
	backend_seen_response(&backend, UINT64_MAX);
	ck_assert_uint_eq(backend_slowest_response(&backend), WAITING_PATIENT_MAX_USEC);
}
END_TEST

START_TEST(the_count_of_answers_may_wrap)
{
	struct backend backend = {.next = UINT32_MAX - 7};

	for (uint32_t i = 0; i < WAITING_HISTORY; i++)
		backend_seen_response(&backend, 100 + i);
	for (uint32_t i = 0; i < WAITING_HISTORY; i++)
		ck_assert_uint_ne(backend.recent_usec[i], 0);
}
END_TEST

START_TEST(another_process_is_another_backend)
{
	struct backend backend = {0};

	ck_assert(backend_seen_pid(&backend, 100));
	backend.passes_half_close = true;
	backend_seen_response(&backend, 9000);
	ck_assert(!backend_seen_pid(&backend, 100));
	ck_assert(backend.passes_half_close);
	ck_assert_uint_eq(backend_slowest_response(&backend), 9000);
	ck_assert(backend_seen_pid(&backend, 101));
	ck_assert(!backend.passes_half_close);
	ck_assert_uint_eq(backend_slowest_response(&backend), 0);
	ck_assert_int_eq(backend.pid, 101);
}
END_TEST

/* A process that connects once may be a client in a script: another one after it says nothing of the VMM. */
START_TEST(the_first_process_is_told_and_then_one_that_follows_a_vmm)
{
	static const struct {
		int64_t pid;
		bool told;
	} seen[] = {
		{100, true}, {101, false}, {102, false}, {102, false}, {102, false},
		{103, true}, {102, false}, {102, false}, {-1, true},
	};
	struct backend backend = {0};

	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		ck_assert_msg(backend_seen_pid(&backend, seen[i].pid) == seen[i].told, "process %d",
		              (int)i);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("waiting_rule");
	TCase *tcase = harness_case(suite, "wait");

	tcase_add_loop_test(tcase, the_wait_follows_mode_backend_sender_and_latency, 0,
	                    (int)(sizeof(waits) / sizeof(waits[0])));
	tcase_add_test(tcase, the_slowest_of_the_last_sixteen_answers_counts);
	tcase_add_test(tcase, the_count_of_answers_may_wrap);
	tcase_add_test(tcase, another_process_is_another_backend);
	tcase_add_test(tcase, the_first_process_is_told_and_then_one_that_follows_a_vmm);
	return harness_run(suite);
}
