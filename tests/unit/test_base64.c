/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/vmm/base64: what systemd's unbase64mem_full() takes and refuses. */
#include "run/vmm/base64.h"

#include "harness.h"

static const struct {
	const char *text;
	const char *decoded; /* NULL: refused */
} rows[] = {
	{"", ""},
	{"  \n", ""},
	{"YQ==", "a"},
	{"YWI=", "ab"},
	{"YWJj", "abc"},
	{"dnNvY2stc3RyZWFtOjI6MTIzNA==", "vsock-stream:2:1234"},
	{" d n\tNv\nY2stc3RyZWFt\r\nOjI6MTIzNA = = ", "vsock-stream:2:1234"},
	/* Both alphabets. */
	{"Pj8+Pj8/", ">?>>??"},
	{"Pj8-Pj8_", ">?>>??"},
	/* Padding has to be there, at the end only, and hides no bits. */
	{"YQ", NULL},
	{"YQ=", NULL},
	{"YWI", NULL},
	{"YQ==YQ==", NULL},
	{"YWI=YWI=", NULL},
	{"YQ==\n", "a"},
	{"YQ==x", NULL},
	{"=", NULL},
	{"Y===", NULL},
	{"====", NULL},
	{"YW=j", NULL},
	{"YR==", NULL},
	{"YWJ=", NULL},
	{"YWJj=", NULL},
	{"YWJ!", NULL},
	{"vsock-stream:2:1234", NULL},
};

START_TEST(base64_is_decoded_as_systemd_does)
{
	char out[64] = {0};
	ssize_t n = base64_decode(rows[_i].text, strlen(rows[_i].text), out, sizeof(out));

	if (!rows[_i].decoded) {
		ck_assert_int_eq(n, -1);
		return;
	}
	ck_assert_int_eq(n, strlen(rows[_i].decoded));
	ck_assert_str_eq(out, rows[_i].decoded);
}
END_TEST

START_TEST(what_does_not_fit_is_counted)
{
	char out[4] = "....";

	ck_assert_int_eq(base64_decode("YWJjZGVm", 8, out, 3), 6);
	ck_assert_mem_eq(out, "abc.", 4);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base64");
	TCase *tcase = harness_case(suite, "decode");

	tcase_add_loop_test(tcase, base64_is_decoded_as_systemd_does, 0,
	                    (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tcase, what_does_not_fit_is_counted);
	return harness_run(suite);
}
