/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/vmm_plan_firecracker: its config file is read, and what is missing there is said. */
#include "plan_fixture.h"

#define FILED "firecracker|--no-api|--config-file|/vm/config.json"
#define API   "firecracker|--api-sock|/run/api"
#define WORD  "systemd.set_credential=vmm.notify_socket:vsock-stream:2:1234"

#define BOOT(args)                                                                      \
	"{\"boot-source\": {\"kernel_image_path\": \"vmlinux\", \"boot_args\": \"" args \
	"\"}, \"machine-config\": {\"vcpu_count\": 2, \"mem_size_mib\": 512}"
#define VSOCK ", \"vsock\": {\"guest_cid\": 3, \"uds_path\": \"./v.sock\"}}"

static const struct plan_row files[] = {
	{.words = FILED,
         .config = BOOT("console=ttyS0 " WORD " reboot=k") VSOCK,
         .result = FILED,
         .vsock = "./v.sock",
         .no_event_monitor = true},
	{.words = FILED,
         .config = BOOT("systemd.set_credential=vmm.notify_socket:vsock-stream:2:52") VSOCK,
         .result = FILED,
         .vsock = "./v.sock",
         .follows = 52,
         .no_event_monitor = true},
	{.words = FILED,
         .config = BOOT("systemd.set_credential=vmm.notify_socket:vsock-stream:2:52") VSOCK,
         .port = 1234,
         .failure = "--port=1234, but the guest is told port 52 in the VMM's boot_args"},
	{.words = FILED,
         .config = BOOT("systemd.set_credential=vmm.notify_socket:vsock:2:52") VSOCK,
         .failure = "the VMM's boot_args tells the guest to report by vsock datagrams"},
	{.words = FILED,
         .config = BOOT("systemd.set_credential=vmm.notify_socket:/run/x") VSOCK,
         .result = FILED,
         .vsock = "./v.sock",
         .advice = "another address",
         .no_event_monitor = true},
	{.words = FILED,
         .config = BOOT("console=ttyS0") VSOCK,
         .result = FILED,
         .vsock = "./v.sock",
         .advice = "the guest is not told to report: add \"" WORD "\" to boot_args",
         .no_event_monitor = true},
	{.words = FILED,
         .config = BOOT("console=ttyS0") VSOCK,
         .port = 7,
         .credential = VMM_CREDENTIAL_CMDLINE,
         .result = FILED,
         .vsock = "./v.sock",
         .advice = "vsock-stream:2:7\" to boot_args",
         .no_event_monitor = true},
	{.words = FILED,
         .config = BOOT("console=ttyS0") VSOCK,
         .credential = VMM_CREDENTIAL_NONE,
         .result = FILED,
         .vsock = "./v.sock",
         .no_event_monitor = true},
	/* No boot_args at all. */
	{.words = FILED,
         .config = "{\"boot-source\": {\"kernel_image_path\": \"vmlinux\"}" VSOCK,
         .result = FILED,
         .vsock = "./v.sock",
         .advice = "to boot_args",
         .no_event_monitor = true},
	{.words = FILED,
         .config = BOOT("console=ttyS0") VSOCK,
         .credential = VMM_CREDENTIAL_OEM_STRING,
         .failure = "--credential=oem-string, but Firecracker has no SMBIOS"},
	/* The vsock socket. */
	{.words = FILED,
         .config = BOOT(WORD) "}",
         .failure = "Firecracker's config file has no vsock: add \"vsock\": {\"guest_cid\": 3"},
	{.words = FILED,
         .config = BOOT(WORD) ", \"vsock\": null}",
         .failure = "Firecracker's config file has no vsock"},
	{.words = FILED,
         .config = BOOT(WORD) ", \"vsock\": {\"guest_cid\": 3, \"uds_path\": 4}}",
         .failure = "Firecracker's config file has no vsock"},
	{.words = FILED,
         .config = BOOT(WORD) ", \"vsock\": {\"guest_cid\": 3, \"uds_path\": \"\"}}",
         .failure = "Firecracker's config file has no vsock"},
	{.words = FILED,
         .config = BOOT(WORD) VSOCK,
         .own_vsock = "./v.sock",
         .result = FILED,
         .vsock = "./v.sock",
         .no_event_monitor = true},
	{.words = FILED,
         .config = BOOT(WORD) VSOCK,
         .own_vsock = "other",
         .failure = "--vsock=other, but "},
	/* What is no such file. */
	{.words = FILED, .config = "", .failure = "Firecracker's config file is not JSON"},
	{.words = FILED, .config = "{\"vsock\": ", .failure = "config file is not JSON"},
	{.words = FILED, .config = "{'vsock': 1}", .failure = "is not JSON near \""},
	{.words = FILED, .config = "[]", .failure = "Firecracker's config file has no vsock"},
	{.words = FILED, .config = "7", .failure = "Firecracker's config file has no vsock"},
	/* Without one. */
	{.words = API, .failure = "Firecracker has no --config-file: name with --vsock=PATH"},
	{.words = API,
         .own_vsock = "/run/v",
         .result = API,
         .vsock = "/run/v",
         .api = VMM_API_FIRECRACKER,
         .api_socket = "/run/api",
         .advice = "Firecracker is driven by its API: its boot_args must contain \"" WORD "\"",
         .no_event_monitor = true},
	{.words = API,
         .own_vsock = "/run/v",
         .credential = VMM_CREDENTIAL_NONE,
         .result = API,
         .vsock = "/run/v",
         .api = VMM_API_FIRECRACKER,
         .api_socket = "/run/api",
         .no_event_monitor = true},
};

START_TEST(a_config_file_is_read)
{
	fixture_check(&files[_i], VMM_FIRECRACKER);
}
END_TEST

#define CONFIG BOOT("console=ttyS0 " WORD) VSOCK
#define JAIL   "/srv/jailer/firecracker-v1/vm1/root"
#define JAILER "jailer|--id|vm1|--exec-file|/opt/firecracker-v1|--uid|1000|--gid|1000"

static const struct plan_row apis[] = {
	/* There is an API socket if nobody says otherwise. */
	{.words = "firecracker|--config-file|c",
         .config = CONFIG,
         .result = "firecracker|--config-file|c",
         .vsock = "./v.sock",
         .api = VMM_API_FIRECRACKER,
         .api_socket = "/run/firecracker.socket",
         .no_event_monitor = true},
	{.words = "firecracker|--api-sock|--config-file|c",
         .config = CONFIG,
         .failure = "the VMM's --api-sock has no value"},
	{.words = API,
         .own_vsock = "/run/v",
         .result = API,
         .vsock = "/run/v",
         .api = VMM_API_FIRECRACKER,
         .api_socket = "/run/api",
         .advice = "uds_path, or the vsock_override of a snapshot, must be /run/v",
         .no_event_monitor = true},
	{.words = "sudo|-u|vm|firecracker|--no-api|--config-file|c",
         .config = CONFIG,
         .result = "sudo|-u|vm|firecracker|--no-api|--config-file|c",
         .program = "firecracker",
         .user = "vm",
         .vsock = "./v.sock",
         .no_event_monitor = true},
	{.words = FILED,
         .config_error = "/vm/config.json cannot be read: Permission denied",
         .failure = "Firecracker's config file /vm/config.json cannot be read: Permission denied"},
	{.words = FILED,
         .config = BOOT("systemd.import_credentials=no " WORD) VSOCK,
         .result = FILED,
         .vsock = "./v.sock",
         .advice = "the VMM's boot_args has systemd.import_credentials=no",
         .no_event_monitor = true},
	{.words = FILED,
         .config = BOOT("systemd.set_credential_binary=vmm.notify_socket:dnNvY2stc3RyZWFtOjI6Nzc=")
                 VSOCK,
         .result = FILED,
         .vsock = "./v.sock",
         .follows = 77,
         .no_event_monitor = true},
};

static const struct plan_row jails[] = {
	{.words = JAILER "|--|--config-file|c",
         .config = CONFIG,
         .result = JAILER "|--|--config-file|c",
         .program = "/opt/firecracker-v1",
         .user = "1000",
         .uid = 1000,
         .vsock = JAIL "/v.sock",
         .api = VMM_API_FIRECRACKER,
         .api_socket = JAIL "/run/firecracker.socket",
         .no_event_monitor = true},
	{.words = JAILER
         "|--chroot-base-dir|/jails|--new-pid-ns|--|--config-file|c|--api-sock|/a.sock",
         .config = CONFIG,
         .result = JAILER
         "|--chroot-base-dir|/jails|--new-pid-ns|--|--config-file|c|--api-sock|/a.sock",
         .program = "/opt/firecracker-v1",
         .user = "1000",
         .uid = 1000,
         .forks = true,
         .vsock = "/jails/firecracker-v1/vm1/root/v.sock",
         .api = VMM_API_FIRECRACKER,
         .api_socket = "/jails/firecracker-v1/vm1/root/a.sock",
         .no_event_monitor = true},
	{.words = "sudo|" JAILER "|--daemonize|--cgroup|cpu.shares=10|--|--no-api|--config-file|c",
         .jail_root = "/real/root",
         .config = CONFIG,
         .result = "sudo|" JAILER "|--daemonize|--cgroup|cpu.shares=10|--|--no-api|--config-file|c",
         .program = "/opt/firecracker-v1",
         .user = "1000",
         .uid = 1000,
         .forks = true,
         .vsock = "/real/root/v.sock",
         .no_event_monitor = true},
	/* --vsock may be the path of this host, or the one in the jail that the file has. */
	{.words = JAILER "|--|--no-api|--config-file|c",
         .own_vsock = JAIL "/v.sock",
         .config = CONFIG,
         .result = JAILER "|--|--no-api|--config-file|c",
         .program = "/opt/firecracker-v1",
         .user = "1000",
         .uid = 1000,
         .vsock = JAIL "/v.sock",
         .no_event_monitor = true},
	{.words = JAILER "|--|--no-api|--config-file|c",
         .own_vsock = "/other/v.sock",
         .config = CONFIG,
         .failure = "--vsock=/other/v.sock, but Firecracker's config file has uds_path ./v.sock"},
	/* What the VMM may have written itself does not lead out of its jail. */
	{.words = JAILER "|--|--no-api|--config-file|c",
         .config = BOOT(WORD) ", \"vsock\": {\"guest_cid\": 3, \"uds_path\": \"/a/../../../b/v\"}}",
         .failure = "/a/../../../b/v has \"..\" in it, which would lead out of jailer's chroot"},
	{.words = JAILER "|--|--api-sock|..",
         .own_vsock = JAIL "/run/v.sock",
         .failure = ".. has \"..\" in it"},
	/* Driven by its API. */
	{.words = JAILER "|--|--api-sock|a",
         .own_vsock = JAIL "/run/v.sock",
         .result = JAILER "|--|--api-sock|a",
         .program = "/opt/firecracker-v1",
         .user = "1000",
         .uid = 1000,
         .vsock = JAIL "/run/v.sock",
         .api = VMM_API_FIRECRACKER,
         .api_socket = JAIL "/a",
         .advice = "must be /run/v.sock",
         .no_event_monitor = true},
	{.words = JAILER "|--|--api-sock|a",
         .own_vsock = "/run/v.sock",
         .failure = "--vsock=/run/v.sock is outside of Firecracker's jail: write --vsock=" JAIL
                    "/..."},
	{.words = JAILER, .failure = "Firecracker has no --config-file: name with --vsock=PATH"},
	/* Its own options are not Firecracker's. */
	{.words = JAILER "|--config-file|c", .failure = "Firecracker has no --config-file"},
	{.words = "jailer|--exec-file|/opt/firecracker", .failure = "jailer needs --id ID"},
	{.words = "jailer|--id|x|--|--exec-file|f", .failure = "jailer needs --exec-file FILE"},
	{.words = "jailer|--id|--exec-file|f", .failure = "jailer needs --id ID"},
};

START_TEST(firecrackers_api_socket_is_known)
{
	fixture_check(&apis[_i], VMM_FIRECRACKER);
}
END_TEST

START_TEST(paths_are_inside_the_jail)
{
	fixture_check(&jails[_i], VMM_AUTO);
}
END_TEST

static const struct {
	const char *words;
	const char *root;
	const char *path;
} config_files[] = {
	{FILED, NULL, "/vm/config.json"},
	{"firecracker|--config-file=c", NULL, "c"},
	{"sudo|firecracker|--config-file|c", NULL, "c"},
	{"firecracker|--no-api", NULL, NULL},
	{JAILER "|--|--config-file|/c", JAIL, "/c"},
	{JAILER "|--chroot-base-dir|/b|--|--config-file|c", "/b/firecracker-v1/vm1/root", "c"},
	{JAILER "|--config-file|c", JAIL, NULL},
	{"jailer|--|--config-file|c", NULL, NULL},
};

START_TEST(the_config_file_is_named)
{
	const struct vmm_request request = {
		.arguments = fixture_split(config_files[_i].words),
		.event_fd = -1,
	};
	struct vmm_file file;

	ck_assert_int_eq(vmm_plan_file(&request, &file), 0);
	ck_assert_pstr_eq(file.root, config_files[_i].root);
	ck_assert_pstr_eq(file.path, config_files[_i].path);
	free(file.root);
	free(file.path);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vmm_plan_firecracker");
	TCase *tcase = harness_case(suite, "config");

	tcase_add_checked_fixture(tcase, NULL, fixture_teardown);
	tcase_add_loop_test(tcase, a_config_file_is_read, 0, COUNT(files));
	tcase_add_loop_test(tcase, firecrackers_api_socket_is_known, 0, COUNT(apis));
	tcase_add_loop_test(tcase, paths_are_inside_the_jail, 0, COUNT(jails));
	tcase_add_loop_test(tcase, the_config_file_is_named, 0, COUNT(config_files));
	return harness_run(suite);
}
