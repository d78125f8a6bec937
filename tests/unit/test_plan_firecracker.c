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

int main(void)
{
	Suite *suite = suite_create("vmm_plan_firecracker");
	TCase *tcase = harness_case(suite, "config");

	tcase_add_checked_fixture(tcase, NULL, fixture_teardown);
	tcase_add_loop_test(tcase, a_config_file_is_read, 0, COUNT(files));
	return harness_run(suite);
}
