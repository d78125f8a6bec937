/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/vmm_event: what cloud-hypervisor writes is understood, however it arrives. */
#include "run/vmm/ch_event.h"

#include "ch_event_fixture.h"
#include "harness.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static const struct {
	const char *text;
	enum vsn_event_type event;
} objects[] = {
	{EVENT("vm", "rebooted"), VSN_EVENT_VM_REBOOTED},
	{EVENT("vm", "paused"), VSN_EVENT_VM_PAUSED},
	{EVENT("vm", "resumed"), VSN_EVENT_VM_RESUMED},
	{EVENT("vm", "restored"), VSN_EVENT_VM_RESTORED},
	{EVENT_PANIC, VSN_EVENT_GUEST_PANIC},
	{EVENT_WITH("guest", "panic", "null"), VSN_EVENT_GUEST_PANIC},
	{EVENT("vm", "booting"), CH_EVENT_NONE},
	{EVENT("vm", "booted"), CH_EVENT_NONE},
	{EVENT("vm", "pausing"), CH_EVENT_NONE},
	{EVENT("vmm", "shutdown"), CH_EVENT_NONE},
	{EVENT("guest", "paused"), CH_EVENT_NONE},
	{EVENT("vm", "panic"), CH_EVENT_NONE},
	{EVENT("VM", "PAUSED"), CH_EVENT_NONE},
	{EVENT_WITH("virtio-device", "activated", "{\n    \"id\": \"source: \\\"vm\\\"\"\n  }"),
         CH_EVENT_NONE},
	/* What is inside is not what it is. */
	{"{\"source\": \"vm\", \"properties\": {\"event\": \"paused\"}}", CH_EVENT_NONE},
	{"{\"properties\": {\"source\": \"vm\"}, \"event\": \"paused\"}", CH_EVENT_NONE},
	{"{\"source\":\"vm\",\"event\":\"paused\"}", VSN_EVENT_VM_PAUSED},
	{"{\"event\": \"paused\", \"source\": \"vm\"}", VSN_EVENT_VM_PAUSED},
	{"{\"source\": 1, \"event\": [\"paused\"]}", CH_EVENT_NONE},
	{"{\"source\": null}", CH_EVENT_NONE},
	{"{}", CH_EVENT_NONE},
	{"[]", CH_EVENT_NONE},
};

/* Where the object ends: the last bracket. */
static size_t object_length(const char *text)
{
	size_t length = strlen(text);

	while (text[length - 1] == '\n')
		length--;
	return length;
}

START_TEST(an_object_is_taken_off_and_known)
{
	const char *text = objects[_i].text;
	enum vsn_event_type event = (enum vsn_event_type) - 1;

	ck_assert_uint_eq(ch_event_next(text, strlen(text), &event), object_length(text));
	ck_assert_int_eq(event, objects[_i].event);
}
END_TEST

START_TEST(half_an_object_is_none_wherever_it_is_cut)
{
	const char *text = objects[_i].text;
	enum vsn_event_type event;

	for (size_t cut = 0; cut < object_length(text); cut++) {
		/* In a block of its own, so that a look beyond its end is seen. */
		char *part = malloc(cut + 1);

		memcpy(part, text, cut);
		ck_assert_msg(ch_event_next(part, cut, &event) == 0, "%zu bytes", cut);
		free(part);
	}
}
END_TEST

START_TEST(several_in_a_row_are_taken_one_by_one)
{
	static const char text[] = EVENT("vm", "paused") "\n\n \n" EVENT("vm", "booted")
		EVENT_PANIC EVENT("vm", "res");
	static const enum vsn_event_type expected[] = {VSN_EVENT_VM_PAUSED, CH_EVENT_NONE,
	                                               VSN_EVENT_GUEST_PANIC, CH_EVENT_NONE};
	const char *at = text;
	size_t left = strlen(text), n;

	for (int i = 0; i < COUNT(expected); i++) {
		enum vsn_event_type event = (enum vsn_event_type) - 1;

		n = ch_event_next(at, left, &event);
		ck_assert_uint_gt(n, 0);
		ck_assert_int_eq(event, expected[i]);
		at += n;
		left -= n;
	}
	ck_assert_str_eq(at, "\n\n");
	ck_assert_uint_eq(ch_event_next(at, left, &(enum vsn_event_type){0}), 0);
}
END_TEST

static const char *const rubbish[] = {
	"",
	"\n",
	"   \n\n",
	"hello",
	"}",
	"{]",
	"{\"source\" \"vm\"}",
	"\x01\xff\xfe",
	"{\"a\": \"\n",
};

START_TEST(rubbish_is_no_object)
{
	enum vsn_event_type event;

	ck_assert_uint_eq(ch_event_next(rubbish[_i], strlen(rubbish[_i]), &event), 0);
}
END_TEST

START_TEST(nul_bytes_and_deep_nesting_do_no_harm)
{
	char deep[CH_EVENT_MAX];
	enum vsn_event_type event;

	ck_assert_uint_eq(ch_event_next("\0\0\0", 3, &event), 0);
	ck_assert_uint_eq(ch_event_next("{\"a\": \0}", 8, &event), 0);
	memset(deep, '[', sizeof(deep));
	ck_assert_uint_eq(ch_event_next(deep, sizeof(deep), &event), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vmm_event");
	TCase *tcase = harness_case(suite, "objects");

	tcase_add_loop_test(tcase, an_object_is_taken_off_and_known, 0, COUNT(objects));
	tcase_add_loop_test(tcase, half_an_object_is_none_wherever_it_is_cut, 0, COUNT(objects));
	tcase_add_test(tcase, several_in_a_row_are_taken_one_by_one);
	tcase_add_loop_test(tcase, rubbish_is_no_object, 0, COUNT(rubbish));
	tcase_add_test(tcase, nul_bytes_and_deep_nesting_do_no_harm);
	return harness_run(suite);
}
