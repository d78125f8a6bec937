/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of guest/answer_rule: who is answered with a byte. */
#include "guest/answer_rule.h"

#include "harness.h"

#define UNKNOWN VSN_PORT_UNKNOWN

static const struct {
	enum answer_mode mode;
	uint32_t port;
	enum vsn_verdict verdict;
	bool byte;
} answers[] = {
	{ANSWER_AUTO, UNKNOWN, VSN_VERDICT_BYTE, true},
	{ANSWER_AUTO, UNKNOWN, VSN_VERDICT_BRIEF, false},
	{ANSWER_AUTO, UNKNOWN, VSN_VERDICT_PATIENT, false},
	{ANSWER_AUTO, UNKNOWN, VSN_VERDICT_COMPLETE, false},
	{ANSWER_AUTO, UNKNOWN, VSN_VERDICT_NONE, false},
	/* a VMM that names ports needs no byte */
	{ANSWER_AUTO, 1023, VSN_VERDICT_BYTE, false},
	{ANSWER_AUTO, 0, VSN_VERDICT_BYTE, false},
	{ANSWER_AUTO, 1023, VSN_VERDICT_BRIEF, false},
	/* on demand whatever the VMM is */
	{ANSWER_BYTE, UNKNOWN, VSN_VERDICT_BYTE, true},
	{ANSWER_BYTE, 1023, VSN_VERDICT_BYTE, true},
	{ANSWER_BYTE, UNKNOWN, VSN_VERDICT_BRIEF, false},
	{ANSWER_BYTE, 1023, VSN_VERDICT_BRIEF, false},
	/* but never a program, for which it would be a failure */
	{ANSWER_BYTE, UNKNOWN, VSN_VERDICT_PATIENT, false},
	{ANSWER_BYTE, UNKNOWN, VSN_VERDICT_COMPLETE, false},
	{ANSWER_BYTE, UNKNOWN, VSN_VERDICT_NONE, false},
	{ANSWER_EOF, UNKNOWN, VSN_VERDICT_BYTE, false},
	{ANSWER_EOF, UNKNOWN, VSN_VERDICT_BRIEF, false},
	{ANSWER_EOF, 1023, VSN_VERDICT_BYTE, false},
};

START_TEST(a_byte_is_for_senders_that_ignore_it_and_vmms_that_may_need_it)
{
	ck_assert_int_eq(answers_with_byte(answers[_i].mode, answers[_i].port, answers[_i].verdict),
	                 answers[_i].byte);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("answer_rule");
	TCase *tcase = harness_case(suite, "answer_rule");

	tcase_add_loop_test(tcase, a_byte_is_for_senders_that_ignore_it_and_vmms_that_may_need_it,
	                    0, sizeof(answers) / sizeof(answers[0]));
	return harness_run(suite);
}
