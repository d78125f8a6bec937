/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/vmm/api: whether an HTTP status line or a line of QMP is a yes, a no or not whole yet. */
#include "run/vmm/api.h"

#include "harness.h"

static const struct {
	enum vmm_api api;
	const char *text;
	enum vmm_api_verdict verdict;
} answers[] = {
	/* As cloud-hypervisor 53 answers. */
	{VMM_API_CLOUD_HYPERVISOR,
         "HTTP/1.1 204 \r\nServer: Cloud Hypervisor API\r\nConnection: keep-alive\r\n\r\n",
         VMM_API_DONE},
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", VMM_API_DONE},
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/1.0 200 OK\r\n\r\n", VMM_API_DONE},
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n", VMM_API_REFUSED},
	{VMM_API_CLOUD_HYPERVISOR,
         "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\nno", VMM_API_REFUSED},
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/1.1 302 2\r\n\r\n", VMM_API_REFUSED},
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/2 204\r\n", VMM_API_REFUSED},
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/1.1  204\r\n", VMM_API_REFUSED},
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/1.1 2\r\n", VMM_API_REFUSED},
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/1.1 2x4\r\n", VMM_API_REFUSED},
	/* fuzz_vmm_event: what scanf(3) takes for a number is no status. */
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/1.1 2+4\r\n", VMM_API_REFUSED},
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/1.1 2 4\r\n", VMM_API_REFUSED},
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/1.+ 204\r\n", VMM_API_REFUSED},
	{VMM_API_CLOUD_HYPERVISOR, "204\r\n", VMM_API_REFUSED},
	{VMM_API_CLOUD_HYPERVISOR, "\r\n", VMM_API_REFUSED},
	/* Not whole. */
	{VMM_API_CLOUD_HYPERVISOR, "", VMM_API_INCOMPLETE},
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/1.1 204", VMM_API_INCOMPLETE},
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/1.1 204 \r\n", VMM_API_INCOMPLETE},
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/1.1 204 \r\nServer: x\r\n", VMM_API_INCOMPLETE},
	{VMM_API_FIRECRACKER, "HTTP/1.1 400 \r\nContent-Length: 3\r\n\r\n{}", VMM_API_INCOMPLETE},
	/* A body that looks like a status is none. */
	{VMM_API_FIRECRACKER, "HTTP/1.1 400 \r\nContent-Length: 12\r\n\r\nHTTP/1.1 204",
         VMM_API_REFUSED},
	{VMM_API_QMP, "{\"QMP\": {}}\r\n", VMM_API_DONE},
	{VMM_API_QMP, "{\"return\": {}}\n", VMM_API_DONE},
	{VMM_API_QMP, "{\"return\": {\"error\": 1}}\n", VMM_API_DONE},
	{VMM_API_QMP, "{\"error\": {\"desc\": \"x\"}}\n", VMM_API_REFUSED},
	{VMM_API_QMP, "{\"event\": \"STOP\"}\n{\"return\": {}}\n", VMM_API_DONE},
	{VMM_API_QMP, "{\"event\": \"STOP\"}\n", VMM_API_INCOMPLETE},
	{VMM_API_QMP, "{\"return\": {}}", VMM_API_INCOMPLETE},
	{VMM_API_QMP, "\n", VMM_API_REFUSED},
};

START_TEST(an_answer_is_a_yes_or_a_no_or_not_whole)
{
	const char *text = answers[_i].text;
	struct vmm_api_answer answer = vmm_api_read_answer(answers[_i].api, text, strlen(text));

	ck_assert_msg(answer.verdict == answers[_i].verdict, "%s: %d", text, answer.verdict);
	if (answer.verdict == VMM_API_DONE)
		ck_assert_uint_le(answer.length, strlen(text));
}
END_TEST

START_TEST(each_answer_ends_where_the_next_begins)
{
	static const char http[] =
		"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 204 \r\n\r\n";
	static const char qmp[] = "{\"event\": 1}\n{\"return\": {}}\n{\"return\": {}}\n";

	ck_assert_str_eq(http + vmm_api_read_answer(VMM_API_FIRECRACKER, http, strlen(http)).length,
	                 "HTTP/1.1 204 \r\n\r\n");
	ck_assert_str_eq(qmp + vmm_api_read_answer(VMM_API_QMP, qmp, strlen(qmp)).length,
	                 "{\"return\": {}}\n");
}
END_TEST

START_TEST(a_length_beyond_all_bounds_is_never_whole)
{
	static const char text[] =
		"HTTP/1.1 200 \r\nContent-Length: 18446744073709551615\r\n\r\n{}";

	ck_assert_int_eq(vmm_api_read_answer(VMM_API_FIRECRACKER, text, strlen(text)).verdict,
	                 VMM_API_INCOMPLETE);
}
END_TEST

START_TEST(the_guest_is_resumed_only_if_that_is_asked_for)
{
	struct vmm_api_request requests[VMM_API_REQUESTS_MAX];

	ck_assert_uint_eq(vmm_api_requests(VMM_API_NONE, true, requests), 0);
	ck_assert_uint_eq(vmm_api_requests(VMM_API_CLOUD_HYPERVISOR, true, requests), 2);
	ck_assert_uint_eq(vmm_api_requests(VMM_API_CLOUD_HYPERVISOR, false, requests), 1);
	ck_assert_uint_eq(vmm_api_requests(VMM_API_FIRECRACKER, false, requests), 1);
	ck_assert_uint_eq(vmm_api_requests(VMM_API_QMP, true, requests), 4);
	ck_assert_uint_eq(vmm_api_requests(VMM_API_QMP, false, requests), 3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vmm_api");
	TCase *tcase = harness_case(suite, "answers");

	tcase_add_loop_test(tcase, an_answer_is_a_yes_or_a_no_or_not_whole, 0,
	                    (int)(sizeof(answers) / sizeof(answers[0])));
	tcase_add_test(tcase, each_answer_ends_where_the_next_begins);
	tcase_add_test(tcase, a_length_beyond_all_bounds_is_never_whole);
	tcase_add_test(tcase, the_guest_is_resumed_only_if_that_is_asked_for);
	return harness_run(suite);
}
