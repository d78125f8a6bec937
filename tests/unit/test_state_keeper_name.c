/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of bridge/state_keeper, its pure parts: what a VM is called, and when a state is due. */
#include "bridge/state_keeper.h"

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
		state_keeper_name(name, table[i].path);
		ck_assert_msg(strcmp(name, table[i].name) == 0, "%s is called %s", table[i].path,
		              name);
	}
	memset(long_path, 'x', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 1] = '\0';
	state_keeper_name(name, long_path);
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

		ck_assert_uint_eq(state_keeper_vsock(table[i].path, &port), table[i].length);
		ck_assert_uint_eq(port, table[i].port);
	}
}
END_TEST

START_TEST(what_matters_more_is_due_sooner)
{
	ck_assert_uint_eq(state_keeper_due(STATE_MOVED, 5), 10005);
	ck_assert_uint_eq(state_keeper_due(STATE_TOLD, 5), 100005);
	ck_assert_uint_eq(state_keeper_due(STATE_COUNTED, 5), 1000005);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("state_keeper_name");
	TCase *tcase = harness_case(suite, "keeper");

	tcase_add_test(tcase, a_name_is_of_the_path);
	tcase_add_test(tcase, a_socket_is_of_a_vsock_where_its_path_ends_in_a_port);
	tcase_add_test(tcase, what_matters_more_is_due_sooner);
	return harness_run(suite);
}
