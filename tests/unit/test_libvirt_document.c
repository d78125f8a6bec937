/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the libvirt plugin's document.h: exact XML of a report, and well-formed XML of any bytes whatever. */
#include "plugins/libvirt/rpc/document.h"

#include <libxml/parser.h>

#include "harness.h"
#include "state/state.h"

#define ROUNDS 2000

/* 2026-11-22T20:00:00Z */
#define SINCE 1795377600

static void check_document(const struct report *report, const char *expected)
{
	char *text = document_make(report, SINCE);

	ck_assert_str_eq(text, expected);
	free(text);
}

START_TEST(a_guest_that_nothing_is_known_of)
{
	const struct report report = {.exit_status = -1};

	check_document(&report, "<state><life>waiting</life><since>2026-11-22T20:00:00Z</since>"
	                        "<boots>0</boots><watched>yes</watched></state>");
}
END_TEST

START_TEST(a_guest_that_all_is_known_of)
{
	const struct report report = {
		.life = STATE_STOPPING,
		.boots = 2,
		.exit_status = 42,
		.paused = 1,
		.ended = 1,
		.way = "poweroff",
		.machine_id = "0123456789abcdef0123456789abcdef",
		.hostname = "web",
		.status = "Bye.",
	};

	check_document(&report,
	               "<state><life>stopping</life><since>2026-11-22T20:00:00Z</since>"
	               "<boots>2</boots><paused>yes</paused><watched>no</watched>"
	               "<status>Bye.</status><hostname>web</hostname>"
	               "<machine-id>0123456789abcdef0123456789abcdef</machine-id>"
	               "<shutdown>poweroff</shutdown><exit-status>42</exit-status></state>");
}
END_TEST

static const struct {
	const char *bytes;
	const char *as_xml;
} texts[] = {
	{"<life>ready</life>", "&lt;life&gt;ready&lt;/life&gt;"},
	{"&amp; \"quoted\" ]]>", "&amp;amp; \"quoted\" ]]&gt;"},
	{"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
	{"a\x1b[31mb\x7f", "a\xef\xbf\xbd[31mb\xef\xbf\xbd"},
	{"a\nb\tc", "a\xef\xbf\xbd"
                    "b\xef\xbf\xbd"
                    "c"},
	{"\xff\xc3(\xc2\x85", "\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd"},
	{"\xef\xbf\xbf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	{"cut \xe2\x82", "cut \xef\xbf\xbd\xef\xbf\xbd"},
};

START_TEST(text_is_escaped_and_cleaned)
{
	struct report report = {.exit_status = -1};
	char expected[512];

	strcpy(report.hostname, texts[_i].bytes);
	snprintf(expected, sizeof(expected),
	         "<state><life>waiting</life><since>2026-11-22T20:00:00Z</since><boots>0</boots>"
	         "<watched>yes</watched><hostname>%s</hostname></state>",
	         texts[_i].as_xml);
	check_document(&report, expected);
}
END_TEST

START_TEST(a_life_that_is_none_is_unknown)
{
	const struct report report = {.life = UINT32_MAX, .exit_status = -1};
	char *text = document_make(&report, SINCE);

	ck_assert_ptr_nonnull(strstr(text, "<life>unknown</life>"));
	free(text);
}
END_TEST

/* As libvirt reads it. */
static void check_well_formed(const char *text)
{
	xmlDoc *document = xmlReadMemory(text, (int)strlen(text), NULL, NULL,
	                                 XML_PARSE_NONET | XML_PARSE_NOERROR);

	ck_assert_msg(document != NULL, "not well-formed: %s", text);
	ck_assert_str_eq((const char *)xmlDocGetRootElement(document)->name, "state");
	xmlFreeDoc(document);
	ck_assert_uint_lt(strlen(text), 16384);
	for (const char *byte = text; *byte; byte++)
		harness_check((unsigned char)*byte >= ' ' && *byte != 0x7f, "a control character");
}

START_TEST(any_bytes_are_well_formed)
{
	unsigned char bytes[sizeof(struct report)];
	struct report report;

	srand(1);
	for (int i = 0; i < ROUNDS; i++) {
		char *text;

		for (size_t j = 0; j < sizeof(bytes); j++)
			bytes[j] = (unsigned char)(i % 2 ? rand()
			                                 : "<>&\"\xe2\x82\xac\x1b"[rand() % 8]);
		memcpy(&report, bytes, sizeof(report));
		text = document_make(&report, SINCE);
		ck_assert_ptr_nonnull(text);
		check_well_formed(text);
		free(text);
	}
}
END_TEST

START_TEST(the_longest_there_is)
{
	struct report report;
	char *text;

	memset(&report, '\x01', sizeof(report));
	text = document_make(&report, SINCE);
	ck_assert_ptr_nonnull(text);
	check_well_formed(text);
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("libvirt_document");
	TCase *cases = harness_case(suite, "document");

	tcase_add_test(cases, a_guest_that_nothing_is_known_of);
	tcase_add_test(cases, a_guest_that_all_is_known_of);
	tcase_add_loop_test(cases, text_is_escaped_and_cleaned, 0,
	                    sizeof(texts) / sizeof(texts[0]));
	tcase_add_test(cases, a_life_that_is_none_is_unknown);
	tcase_add_test(cases, any_bytes_are_well_formed);
	tcase_add_test(cases, the_longest_there_is);
	return harness_run(suite);
}
