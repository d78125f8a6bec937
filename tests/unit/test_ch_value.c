/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of run/option_value against what cloud-hypervisor's own parser makes of the same values: the
 * rows are those of its crate option_parser (53.0), and real --platform and --vsock values.
 */
#include "run/vmm/ch_value.h"

#include "harness.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static const struct {
	const char *text;
	const char *fault; /* NULL: none */
} balance[] = {
	{"", NULL},
	{"   ", NULL},
	{"size=128M,mergeable=on,topology=[[1,2],[3,4]]", NULL},
	{"topology=[\"@\"\"b\"@[1,2]]", NULL},
	{"cmdline=\"console=ttyS0,9600n8\"", NULL},
	{"cmdline=\"]\"", NULL},
	{"cmdline=\"[\"", NULL},
	{"\"\"", NULL},
	{"topology=[", "a '[' is not closed"},
	{"topology=[[[]]]]", "a ']' has no '['"},
	{"a]", "a ']' has no '['"},
	{"]a[", "a ']' has no '['"},
	{"[a,b", "a '[' is not closed"},
	{"cmdline=\"", "a quote is not closed"},
	{"cmdline=\"\"\"", "a quote is not closed"},
	{"\"abc", "a quote is not closed"},
	{"[\"]", "a quote is not closed"},
};

START_TEST(quotes_and_brackets_are_balanced_or_what_is_not_is_said)
{
	const char *fault = ch_value_fault(balance[_i].text);

	if (balance[_i].fault)
		ck_assert_pstr_eq(fault, balance[_i].fault);
	else
		ck_assert_msg(!fault, "%s: %s", balance[_i].text, fault);
}
END_TEST

static const struct {
	const char *text;
	const char *parts; /* "key>value;", or "key;" for a flag */
} values[] = {
	{"", ""},
	{"cid=3,socket=/run/vm/vsock", "cid>3;socket>/run/vm/vsock;"},
	{"path=/dev/sda,readonly", "path>/dev/sda;readonly;"},
	{"readonly", "readonly;"},
	{"extra=foo=bar", "extra>foo=bar;"},
	{"size=", "size>;"},
	{"size=,b=1", "size>;b>1;"},
	{"topology=[[1,2],[3,4]],x=1", "topology>[[1,2],[3,4]];x>1;"},
	{"cmd=\"a,b,c\",x=1", "cmd>\"a,b,c\";x>1;"},
	{"cmd=\"[\",x=1", "cmd>\"[\";x>1;"},
	{"a=\"x\"\",y\",b=1", "a>\"x\"\",y\";b>1;"},
	{"oem_strings=[k=v,\"a,b\"],uuid=u", "oem_strings>[k=v,\"a,b\"];uuid>u;"},
	/* Blanks around the whole, and around a value, are nobody's. */
	{" cid=3,socket=s ", "cid>3;socket>s;"},
	{"cid= 3 ,socket=s", "cid>3;socket>s;"},
};

START_TEST(a_value_is_parts_that_commas_separate)
{
	const char *cursor = values[_i].text;
	struct ch_value_part part;
	char text[256] = "";
	size_t used = 0;

	while (ch_value_next(&cursor, &part)) {
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%.*s",
		                         (int)part.key_length, part.key);
		if (part.value)
			used += (size_t)snprintf(text + used, sizeof(text) - used, ">%.*s",
			                         (int)part.value_length, part.value);
		used += (size_t)snprintf(text + used, sizeof(text) - used, ";");
	}
	ck_assert_str_eq(text, values[_i].parts);
	ck_assert(!ch_value_next(&cursor, &part));
}
END_TEST

static const struct {
	const char *text;
	const char *key;
	const char *value; /* NULL: not found */
} wanted[] = {
	{"cid=3,socket=/run/x", "socket", "/run/x"},
	{"cid=3,socket=/run/x", "cid", "3"},
	{"cid=3,socket=/run/x", "sock", NULL},
	{"cid=3,socket=/run/x", "socket=", NULL},
	{"oem_strings=[socket=x]", "socket", NULL},
	{"id=\"a,socket=b\",socket=c", "socket", "c"},
	{"", "socket", NULL},
	/* The last one counts there, so it must here. */
	{"socket=first,cid=3,socket=last", "socket", "last"},
};

START_TEST(a_key_is_found_where_the_vmm_finds_it)
{
	struct ch_value_part part;
	bool found = ch_value_find(wanted[_i].text, wanted[_i].key, &part);

	ck_assert_int_eq(found, wanted[_i].value != NULL);
	if (!found)
		return;
	ck_assert_uint_eq(part.value_length, strlen(wanted[_i].value));
	ck_assert_int_eq(memcmp(part.value, wanted[_i].value, part.value_length), 0);
}
END_TEST

static const struct {
	const char *text;
	const char *unquoted;
} quoted[] = {
	{"", ""},
	{"plain", "plain"},
	{"\"\"", ""},
	{"\"a,b\"", "a,b"},
	{"a\xce\xb2\"a\"\"\"", "a\xce\xb2"
                               "a\""}, /* dequote()'s own example */
	{"a=\"b\"", "a=b"},
	{"\"a\"\"b\"", "a\"b"},
	{"\"\"\"\"", "\""},
	{"\"a\"b\"c\"", "abc"},
};

START_TEST(quotes_come_off_and_doubled_ones_stay_as_one)
{
	char *text = ch_value_unquote(quoted[_i].text, strlen(quoted[_i].text));

	ck_assert_str_eq(text, quoted[_i].unquoted);
	free(text);
}
END_TEST

static const struct {
	const char *value;
	const char *quoted;
} values_to_quote[] = {
	{"plain", "plain"},
	{"a b", "\"a b\""},
	{"a,b", "\"a,b\""},
	{"a\"b", "\"a\"\"b\""},
	/* fuzz_plan: white space of any kind would be trimmed off. */
	{"a\v", "\"a\v\""},
	{"\fa", "\"\fa\""},
	{"\r", "\"\r\""},
};

START_TEST(what_is_more_than_a_plain_word_is_quoted)
{
	char *text = ch_value_quote(values_to_quote[_i].value);

	ck_assert_str_eq(text, values_to_quote[_i].quoted);
	free(text);
}
END_TEST

static const struct {
	const char *list;
	const char *items; /* each followed by ';' */
} lists[] = {
	{"", ""},
	{"[]", ""},
	{"single", "single;"},
	{"[one]", "one;"},
	{"[a,b]", "a;b;"},
	{"a,b", "a;b;"},
	{"[\"a,b\",c]", "\"a,b\";c;"},
	{"[\"a]b\",c]", "\"a]b\";c;"},
	{"[k=v=w,x]", "k=v=w;x;"},
	/* A bracket within a string is the string's. */
	{"[a[1,2]b,c]", "a[1,2]b;c;"},
};

START_TEST(a_list_is_its_items)
{
	const char *cursor = lists[_i].list;
	size_t left = strlen(cursor), length, used = 0;
	const char *item;
	char text[256] = "";

	while (ch_value_list_next(&cursor, &left, &item, &length))
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%.*s;", (int)length,
		                         item);
	ck_assert_str_eq(text, lists[_i].items);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("option_value");
	TCase *tcase = harness_case(suite, "grammar");

	tcase_add_loop_test(tcase, quotes_and_brackets_are_balanced_or_what_is_not_is_said, 0,
	                    COUNT(balance));
	tcase_add_loop_test(tcase, a_value_is_parts_that_commas_separate, 0, COUNT(values));
	tcase_add_loop_test(tcase, a_key_is_found_where_the_vmm_finds_it, 0, COUNT(wanted));
	tcase_add_loop_test(tcase, quotes_come_off_and_doubled_ones_stay_as_one, 0, COUNT(quoted));
	tcase_add_loop_test(tcase, what_is_more_than_a_plain_word_is_quoted, 0,
	                    COUNT(values_to_quote));
	tcase_add_loop_test(tcase, a_list_is_its_items, 0, COUNT(lists));
	return harness_run(suite);
}
