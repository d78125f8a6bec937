/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of the libvirt plugin's publish.h against libvirt's test driver, which lives in this process: an observer on a
 * connection of its own gets the event and reads what was published, as any libvirt client would.
 */
#include "plugins/libvirt/rpc/publish.h"

#include <libvirt/virterror.h>

#include "harness.h"
#include "plugins/libvirt/rpc/document.h"
#include "state/state.h"

#define URI "test:///default"

static char uuid[VIR_UUID_STRING_BUFLEN];
static struct publisher publisher;
static virConnectPtr observer;
static virDomainPtr domain;
static unsigned events;

static void count_event(virConnectPtr connection, virDomainPtr changed, int type,
                        const char *namespace, void *user)
{
	(void)connection;
	(void)user;
	ck_assert_int_eq(type, VIR_DOMAIN_METADATA_ELEMENT);
	ck_assert_str_eq(namespace, DOCUMENT_URI);
	ck_assert_str_eq(virDomainGetName(changed), "test");
	events++;
}

static void setup(void)
{
	publish_init();
	publisher = (struct publisher){.uri = URI, .domain = "test", .uuid = uuid};
	memset(uuid, 0, sizeof(uuid));
	observer = virConnectOpen(URI);
	ck_assert_ptr_nonnull(observer);
	domain = virDomainLookupByName(observer, "test");
	ck_assert_ptr_nonnull(domain);
	ck_assert_int_ge(virConnectDomainEventRegisterAny(
				 observer, NULL, VIR_DOMAIN_EVENT_ID_METADATA_CHANGE,
				 VIR_DOMAIN_EVENT_CALLBACK(count_event), NULL, NULL),
	                 0);
}

static void teardown(void)
{
	publish_close(&publisher);
	virDomainFree(domain);
	virConnectClose(observer);
}

/* What a client reads, in one line without the indents that libvirt puts in. */
static void check_published(unsigned flags, const char *part)
{
	char *text = virDomainGetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, DOCUMENT_URI, flags);

	ck_assert_msg(text != NULL, "%s", virGetLastErrorMessage());
	ck_assert_msg(strstr(text, part) != NULL, "no %s in %s", part, text);
	free(text);
}

static const struct report ready = {
	.life = STATE_READY,
	.boots = 1,
	.exit_status = -1,
	.status = "a <b> & c",
};

START_TEST(a_client_sees_it_and_is_told)
{
	ck_assert_int_eq(publish(&publisher, &ready), PUBLISHED);
	check_published(VIR_DOMAIN_AFFECT_LIVE, "<life>ready</life>");
	check_published(VIR_DOMAIN_AFFECT_LIVE, "<status>a &lt;b&gt; &amp; c</status>");
	while (events == 0)
		ck_assert_int_eq(virEventRunDefaultImpl(), 0);
	ck_assert_uint_eq(events, 1);
}
END_TEST

START_TEST(other_metadata_stays)
{
	char *title;

	virDomainSetMetadata(domain, VIR_DOMAIN_METADATA_TITLE, "a title", NULL, NULL,
	                     VIR_DOMAIN_AFFECT_LIVE);
	virDomainSetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, "<x/>", "other", "urn:other",
	                     VIR_DOMAIN_AFFECT_LIVE);
	ck_assert_int_eq(publish(&publisher, &ready), PUBLISHED);
	title = virDomainGetMetadata(domain, VIR_DOMAIN_METADATA_TITLE, NULL,
	                             VIR_DOMAIN_AFFECT_LIVE);
	ck_assert_str_eq(title, "a title");
	free(title);
	free(virDomainGetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, "urn:other",
	                          VIR_DOMAIN_AFFECT_LIVE));
	ck_assert_int_eq(virGetLastErrorCode(), VIR_ERR_OK);
}
END_TEST

START_TEST(it_is_found_by_uuid)
{
	char text[VIR_UUID_STRING_BUFLEN];

	ck_assert_int_eq(virDomainGetUUIDString(domain, text), 0);
	publisher.domain = text;
	ck_assert_int_eq(publish(&publisher, &ready), PUBLISHED);
	check_published(VIR_DOMAIN_AFFECT_LIVE, "<life>ready</life>");
	ck_assert_str_eq(uuid, text);
}
END_TEST

START_TEST(no_such_domain_is_nowhere)
{
	publisher.domain = "another";
	ck_assert_int_eq(publish(&publisher, &ready), PUBLISH_NOWHERE);
}
END_TEST

START_TEST(a_driver_that_tells_no_process_wants_a_name)
{
	struct report report = ready;

	publisher.domain = NULL;
	ck_assert_int_eq(publish(&publisher, &report), PUBLISH_NOWHERE);
	report.peer_pid = (uint32_t)getpid();
	ck_assert_int_eq(publish(&publisher, &report), PUBLISH_NOWHERE);
}
END_TEST

START_TEST(no_libvirtd_is_later)
{
	publisher.uri = "qemu+unix:///session?socket=/nonexistent/socket";
	ck_assert_int_eq(publish(&publisher, &ready), PUBLISH_LATER);
	ck_assert_int_eq(publish(&publisher, &ready), PUBLISH_LATER);
}
END_TEST

START_TEST(of_a_domain_that_does_not_run_only_the_last_words_are_kept)
{
	struct report last = ready;

	last.life = STATE_STOPPED;
	last.exit_status = 42;
	ck_assert_int_eq(virDomainDestroy(domain), 0);
	ck_assert_int_eq(publish(&publisher, &ready), PUBLISH_NOWHERE);
	ck_assert_int_eq(publish(&publisher, &last), PUBLISHED);
	check_published(VIR_DOMAIN_AFFECT_CONFIG, "<exit-status>42</exit-status>");
}
END_TEST

START_TEST(a_domain_that_starts_is_news)
{
	ck_assert_int_eq(publish(&publisher, &ready), PUBLISHED);
	ck_assert(!publisher.again);
	ck_assert_int_eq(virDomainDestroy(domain), 0);
	ck_assert_int_eq(virDomainCreate(domain), 0);
	while (!publisher.again)
		ck_assert_int_eq(virEventRunDefaultImpl(), 0);
	ck_assert_int_eq(publish(&publisher, &ready), PUBLISHED);
	check_published(VIR_DOMAIN_AFFECT_LIVE, "<life>ready</life>");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("libvirt_publish");
	TCase *cases = harness_case(suite, "publish");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, a_client_sees_it_and_is_told);
	tcase_add_test(cases, other_metadata_stays);
	tcase_add_test(cases, it_is_found_by_uuid);
	tcase_add_test(cases, no_such_domain_is_nowhere);
	tcase_add_test(cases, a_driver_that_tells_no_process_wants_a_name);
	tcase_add_test(cases, no_libvirtd_is_later);
	tcase_add_test(cases, of_a_domain_that_does_not_run_only_the_last_words_are_kept);
	tcase_add_test(cases, a_domain_that_starts_is_news);
	return harness_run(suite);
}
