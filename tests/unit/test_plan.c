/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/vmm_plan: which VMM it is, where an option is, and a VMM that nobody here knows. */
#include "plan_fixture.h"

static const struct {
	const char *program;
	enum vmm_kind kind;
} programs[] = {
	{"cloud-hypervisor", VMM_CLOUD_HYPERVISOR},
	{"/usr/bin/cloud-hypervisor", VMM_CLOUD_HYPERVISOR},
	{"./cloud-hypervisor-static-aarch64", VMM_CLOUD_HYPERVISOR},
	{".cloud-hypervisor-wrapped", VMM_CLOUD_HYPERVISOR},
	{"firecracker", VMM_FIRECRACKER},
	{"/opt/firecracker-v1.13.1-x86_64", VMM_FIRECRACKER},
	{"/opt/cloud-hypervisor/run.sh", VMM_OTHER},
	{"/firecracker/", VMM_OTHER},
	{"qemu-system-x86_64", VMM_QEMU},
	{"/nix/store/x/bin/.qemu-system-aarch64-wrapped", VMM_QEMU},
	{"/usr/libexec/qemu-kvm", VMM_QEMU},
	{"qemu-img", VMM_OTHER},
	{"jailer", VMM_FIRECRACKER},
	{"/opt/release/jailer-v1.13.1-x86_64", VMM_FIRECRACKER},
	{"jailer.sh", VMM_OTHER},
	{"", VMM_OTHER},
};

START_TEST(a_vmm_is_known_by_its_file_name)
{
	ck_assert_int_eq(vmm_kind_of(VMM_AUTO, programs[_i].program), programs[_i].kind);
}
END_TEST

START_TEST(what_the_user_says_it_is_it_is)
{
	ck_assert_int_eq(vmm_kind_of(VMM_OTHER, "cloud-hypervisor"), VMM_OTHER);
	ck_assert_int_eq(vmm_kind_of(VMM_FIRECRACKER, "cloud-hypervisor"), VMM_FIRECRACKER);
	ck_assert_int_eq(vmm_kind_of(VMM_CLOUD_HYPERVISOR, "vmm"), VMM_CLOUD_HYPERVISOR);
}
END_TEST

static const struct {
	const char *words;
	int index; /* -1: not there */
	const char *value;
} places[] = {
	{"vmm|--name|v", 2, "v"},
	{"vmm|--name=v", 1, "v"},
	{"vmm|--name=", 1, ""},
	{"vmm|--name=a=b", 1, "a=b"},
	{"vmm|--name", 2, NULL},
	/* A word that begins with two dashes is an option and no value. */
	{"vmm|--name|--other", 2, NULL},
	{"vmm|--name|--name=v", 2, NULL},
	{"vmm|--name=--other", 1, "--other"},
	{"vmm|--name|-v", 2, "-v"},
	{"vmm|--other|--name|v", 3, "v"},
	/* What follows "--" is none of the VMM's options. */
	{"vmm|--|--name|v", -1, NULL},
	{"vmm|--name|v|--|--name|w", 2, "v"},
	{"vmm|--other|x|--name|v", 4, "v"},
	{"vmm|--names|x|--name|v", 4, "v"},
	{"vmm|--name2=x", -1, NULL},
	{"vmm|-name|x", -1, NULL},
	{"vmm|--nam|x", -1, NULL},
	{"vmm", -1, NULL},
	{"--name", -1, NULL},
	{"--name=v", -1, NULL},
};

START_TEST(an_option_is_found_in_both_spellings)
{
	struct vmm_option option;
	bool found = vmm_option_find(fixture_split(places[_i].words), "--name", &option);

	ck_assert_int_eq(found, places[_i].index >= 0);
	if (!found)
		return;
	ck_assert_uint_eq(option.index, places[_i].index);
	ck_assert_pstr_eq(option.value, places[_i].value);
}
END_TEST

START_TEST(no_arguments_have_no_option)
{
	static const char *const nothing[] = {NULL};
	struct vmm_option option;

	ck_assert(!vmm_option_find(nothing, "--name", &option));
}
END_TEST

static const struct plan_row others[] = {
	{.words = "crosvm|run|--vsock|cid=3|kernel",
         .own_vsock = "/run/v",
         .result = "crosvm|run|--vsock|cid=3|kernel",
         .vsock = "/run/v",
         .no_event_monitor = true,
         .device_apart = true},
	{.words = "qemu-system-x86_64|-machine|q35",
         .own_vsock = "v",
         .port = 99,
         .result = "qemu-system-x86_64|-machine|q35",
         .vsock = "v",
         .no_event_monitor = true,
         .device_apart = true},
	{.words = "qemu-system-x86_64|--kernel|k",
         .own_vsock = "v",
         .credential = VMM_CREDENTIAL_NONE,
         .result = "qemu-system-x86_64|--kernel|k",
         .vsock = "v",
         .no_event_monitor = true,
         .device_apart = true},
	{.words = "qemu-system-x86_64|-machine|q35",
         .failure = "where is the vsock socket of qemu-system-x86_64? Name it with --vsock=PATH"},
};

START_TEST(another_vmm_gets_its_arguments_as_they_are)
{
	fixture_check(&others[_i], VMM_OTHER);
}
END_TEST

START_TEST(only_cloud_hypervisor_can_be_given_a_socket)
{
	static const struct {
		enum vmm_kind kind;
		const char *words;
		const char *own_vsock;
		bool wanted;
	} rows[] = {
		{VMM_CLOUD_HYPERVISOR, "ch|--kernel|k", NULL, true},
		{VMM_CLOUD_HYPERVISOR, "ch|--api-socket|a", NULL, true},
		{VMM_CLOUD_HYPERVISOR, "ch|--kernel|k", "v", false},
		{VMM_CLOUD_HYPERVISOR, "ch|--kernel|k|--vsock|cid=3,socket=v", NULL, false},
		{VMM_CLOUD_HYPERVISOR, "ch|--restore=source_url=file:///s", NULL, false},
		{VMM_FIRECRACKER, "fc|--config-file|c", NULL, false},
		{VMM_OTHER, "vmm|--kernel|k", NULL, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct vmm_request request = {
			.arguments = fixture_split(rows[i].words),
			.kind = rows[i].kind,
			.vsock = rows[i].own_vsock,
		};

		ck_assert_msg(vmm_plan_wants_socket(&request) == rows[i].wanted, "%s",
		              rows[i].words);
	}
}
END_TEST

START_TEST(the_last_advice_stays)
{
	ck_assert_int_eq(vmm_plan_advise(&fixture_plan, "a"), 0);
	ck_assert_int_eq(vmm_plan_advise(&fixture_plan, "b"), 0);
	ck_assert_str_eq(fixture_plan.advice, "b");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vmm_plan");
	TCase *tcase = harness_case(suite, "common");

	tcase_add_checked_fixture(tcase, NULL, fixture_teardown);
	tcase_add_loop_test(tcase, a_vmm_is_known_by_its_file_name, 0, COUNT(programs));
	tcase_add_test(tcase, what_the_user_says_it_is_it_is);
	tcase_add_loop_test(tcase, an_option_is_found_in_both_spellings, 0, COUNT(places));
	tcase_add_test(tcase, no_arguments_have_no_option);
	tcase_add_loop_test(tcase, another_vmm_gets_its_arguments_as_they_are, 0, COUNT(others));
	tcase_add_test(tcase, only_cloud_hypervisor_can_be_given_a_socket);
	tcase_add_test(tcase, the_last_advice_stays);
	return harness_run(suite);
}
