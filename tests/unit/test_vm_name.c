/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of bridge/vm_name: what a VM is called. */
#include "bridge/vm_name.h"

#include <string.h>

#include "harness.h"

START_TEST(a_name_is_of_the_path)
{
	static const struct {
		const char *path, *name;
	} table[] = {
		{"/run/vm/db.vsock", "db"},
		{"/run/vm/db.sock", "db"},
		{"/run/db/vsock", "db"},
		{"/run/db/vsock.sock", "db"},
		{"/run/db//vsock", "db"},
		{"/run/my.vm/vsock", "my.vm"},
		{"/run/db/notify.socket", "notify.socket"},
		{"vsock", "vsock"},
		{"/vsock", "vsock"},
		{"./vsock", "."},
		{"/run/.vsock", ".vsock"},
		{"/run/db/.sock", ".sock"},
		{"db", "db"},
	};
	char name[STATE_NAME_MAX], long_path[STATE_NAME_MAX * 2];

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		vm_name(name, table[i].path);
		ck_assert_msg(strcmp(name, table[i].name) == 0, "%s is called %s", table[i].path,
		              name);
	}
	memset(long_path, 'x', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 1] = '\0';
	vm_name(name, long_path);
	ck_assert_uint_eq(strlen(name), STATE_NAME_MAX - 1);
}
END_TEST

START_TEST(a_socket_is_of_a_vsock_where_its_path_ends_in_a_port)
{
	static const struct {
		const char *path;
		size_t length;
		uint32_t port;
	} table[] = {
		{"/run/db/vsock_1234", 13, 1234},
		{"/run/db/v_1_2", 11, 2},
		{"/run/my_vm/notify", 17, 7},
		{"/run/my_1/notify", 16, 7},
		{"vsock_", 6, 7},
		{"vsock_4294967296", 16, 7},
		{"", 0, 7},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		uint32_t port = 7;

		ck_assert_uint_eq(vm_name_vsock(table[i].path, &port), table[i].length);
		ck_assert_uint_eq(port, table[i].port);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vm_name");
	TCase *tcase = harness_case(suite, "names");

	tcase_add_test(tcase, a_name_is_of_the_path);
	tcase_add_test(tcase, a_socket_is_of_a_vsock_where_its_path_ends_in_a_port);
	return harness_run(suite);
}
