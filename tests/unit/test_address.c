/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of base/address: the forms of $NOTIFY_SOCKET, with the exact length of each. */
#include "base/address.h"

#include <errno.h>
#include <stddef.h>

#include "harness.h"

#define PATH_OFFSET offsetof(struct sockaddr_un, sun_path)

/* first, then 'n's up to length bytes. */
static const char *of_length(char first, size_t length)
{
	static char text[256];

	memset(text, 'n', sizeof(text));
	text[0] = first;
	text[length] = '\0';
	return text;
}

static struct address parsed(const char *text)
{
	struct address address;
	const char *reason = NULL;

	memset(&address, 0x55, sizeof(address));
	ck_assert_int_eq(address_parse(text, &address, &reason), 0);
	return address;
}

static void check_wrong(const char *text, int error)
{
	struct address address;
	const char *reason = NULL;

	ck_assert_msg(address_parse(text, &address, &reason) == error, "\"%s\"", text);
	ck_assert_ptr_nonnull(reason);
	ck_assert_str_ne(reason, "");
}

START_TEST(a_path_ends_with_its_nul)
{
	struct address address = parsed("/run/systemd/notify");

	ck_assert(address_is_local(&address));
	ck_assert_str_eq(address.local.sun_path, "/run/systemd/notify");
	ck_assert_uint_eq(address.length, PATH_OFFSET + strlen("/run/systemd/notify") + 1);
}
END_TEST

START_TEST(a_path_has_at_most_107_bytes)
{
	struct address address = parsed(of_length('/', 107));

	ck_assert_uint_eq(address.length, PATH_OFFSET + 108);
	ck_assert_uint_eq(strlen(address.local.sun_path), 107);
	check_wrong(of_length('/', 108), -ENAMETOOLONG);
	check_wrong(of_length('/', 200), -ENAMETOOLONG);
}
END_TEST

START_TEST(an_abstract_name_ends_where_its_text_does)
{
	struct address address = parsed("@abc");

	ck_assert(address_is_local(&address));
	ck_assert_uint_eq(address.length, PATH_OFFSET + 4);
	ck_assert_mem_eq(address.local.sun_path, "\0abc\0", 5);
	address = parsed("@a/b@c");
	ck_assert_uint_eq(address.length, PATH_OFFSET + 6);
	ck_assert_mem_eq(address.local.sun_path, "\0a/b@c\0", 7);
}
END_TEST

START_TEST(an_abstract_name_has_at_most_107_bytes)
{
	struct address address = parsed(of_length('@', 108));

	ck_assert_uint_eq(address.length, PATH_OFFSET + 108);
	ck_assert_uint_eq(address.length, sizeof(struct sockaddr_un));
	ck_assert_int_eq(address.local.sun_path[107], 'n');
	check_wrong(of_length('@', 109), -ENAMETOOLONG);
}
END_TEST

START_TEST(a_vsock_address_is_two_numbers)
{
	struct address address = parsed("vsock:2:1234");

	ck_assert(!address_is_local(&address));
	ck_assert_int_eq(address.vsock.svm_family, AF_VSOCK);
	ck_assert_uint_eq(address.vsock.svm_cid, 2);
	ck_assert_uint_eq(address.vsock.svm_port, 1234);
	ck_assert_uint_eq(address.length, sizeof(struct sockaddr_vm));
	address = parsed("vsock:4294967295:4294967295");
	ck_assert_uint_eq(address.vsock.svm_cid, UINT32_MAX);
	ck_assert_uint_eq(address.vsock.svm_port, UINT32_MAX);
}
END_TEST

static const char *const wrong[] = {
	"",
	"@",
	"notify",
	"./notify",
	"vsock",
	"vsock:",
	"vsock:2",
	"vsock:2:",
	"vsock::1234",
	"vsock:2:1234:5",
	"vsock:2:1234 ",
	"vsock:two:1234",
	"vsock:-1:1234",
	"vsock:2:4294967296",
	"vsock:4294967296:1",
	"vsock-stream:2:1234",
	" /run/notify",
	"VSOCK:2:1234",
};

START_TEST(what_is_no_address_is_refused_with_a_reason)
{
	check_wrong(wrong[_i], -EINVAL);
}
END_TEST

START_TEST(a_listening_path_may_be_relative)
{
	struct address address;

	ck_assert_int_eq(address_from_path("vsock_1234", &address), 0);
	ck_assert_str_eq(address.local.sun_path, "vsock_1234");
	ck_assert_uint_eq(address.length, PATH_OFFSET + 11);
	ck_assert_int_eq(address_from_path(of_length('v', 107), &address), 0);
	ck_assert_int_eq(address_from_path(of_length('v', 108), &address), -ENAMETOOLONG);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("address");
	TCase *tcase = harness_case(suite, "forms");

	tcase_add_test(tcase, a_path_ends_with_its_nul);
	tcase_add_test(tcase, a_path_has_at_most_107_bytes);
	tcase_add_test(tcase, an_abstract_name_ends_where_its_text_does);
	tcase_add_test(tcase, an_abstract_name_has_at_most_107_bytes);
	tcase_add_test(tcase, a_vsock_address_is_two_numbers);
	tcase_add_loop_test(tcase, what_is_no_address_is_refused_with_a_reason, 0,
	                    (int)(sizeof(wrong) / sizeof(wrong[0])));
	tcase_add_test(tcase, a_listening_path_may_be_relative);
	return harness_run(suite);
}
