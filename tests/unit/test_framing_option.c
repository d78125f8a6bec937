/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of bridge/bridge_options: what --framing takes. */
#include "bridge/bridge_options.h"

#include <errno.h>

#include "harness.h"

static const struct {
	const char *text;
	int r;
	enum waiting_mode mode;
	uint32_t settle_usec;
} values[] = {
	{"auto", 0, WAITING_AUTO, 0},
	{"eof", 0, WAITING_EOF, 0},
	{"settle:0", 0, WAITING_SETTLE, 0},
	{"settle:2000", 0, WAITING_SETTLE, 2000},
	{"settle:5000000", 0, WAITING_SETTLE, 5000000},
	{"settle:5000001", -ERANGE, WAITING_AUTO, 0},
	{"settle:4294967296", -ERANGE, WAITING_AUTO, 0},
	{"settle:", -EINVAL, WAITING_AUTO, 0},
	{"settle", -EINVAL, WAITING_AUTO, 0},
	{"settle:2ms", -EINVAL, WAITING_AUTO, 0},
	{"settle:-1", -EINVAL, WAITING_AUTO, 0},
	{"", -EINVAL, WAITING_AUTO, 0},
	{"AUTO", -EINVAL, WAITING_AUTO, 0},
	{"eof ", -EINVAL, WAITING_AUTO, 0},
	{"auto:1", -EINVAL, WAITING_AUTO, 0},
};

START_TEST(a_mode_is_parsed_or_refused)
{
	struct waiting_options options = {.mode = WAITING_EOF, .settle_usec = 99};

	ck_assert_int_eq(framing_option_parse(values[_i].text, &options), values[_i].r);
	if (values[_i].r == 0) {
		ck_assert_int_eq(options.mode, values[_i].mode);
		ck_assert_uint_eq(options.settle_usec, values[_i].settle_usec);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("framing_option");
	TCase *tcase = harness_case(suite, "value");

	tcase_add_loop_test(tcase, a_mode_is_parsed_or_refused, 0,
	                    (int)(sizeof(values) / sizeof(values[0])));
	return harness_run(suite);
}
