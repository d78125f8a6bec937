/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/vmm/plan_qemu and qemu_options: what QEMU's command line says; it is never changed. */
#include "run/vmm/qemu_options.h"

#include "plan_fixture.h"

/* ---- options ---------------------------------------------------------------------------------- */

static const struct {
	const char *words;
	const char *read; /* "name=value|" for each */
} lines[] = {
	{"q", ""},
	{"q|-m|1G|--smp|2|-nographic|disk.img|-S", "m=1G|smp=2|nographic=|S=|"},
	/* A value may look like an option. */
	{"q|-append|-qmp unix:x|-no-reboot", "append=-qmp unix:x|no-reboot=|"},
	{"q|-name|-S", "name=-S|"},
	{"q|-append", "append=|"},
	{"q|-|-m|1G", "m=1G|"},
};

START_TEST(options_and_values_are_told_apart)
{
	const char *const *arguments = fixture_split(lines[_i].words);
	struct qemu_option option;
	char read[256] = "";
	size_t index = 1;

	while (qemu_option_next(arguments, &index, &option))
		snprintf(read + strlen(read), sizeof(read) - strlen(read), "%s=%s|", option.name,
		         option.value ? option.value : "");
	ck_assert_str_eq(read, lines[_i].read);
}
END_TEST

static const struct {
	const char *text;
	const char *parts; /* "key=value|" for each; the implied key is "first" */
} values[] = {
	{"", "first=|"},
	{"a", "first=a|"},
	{"a=b", "a=b|"},
	{"a,b=c,d", "first=a|b=c|d=on|"},
	{"a,,b,c=d,,e", "first=a,b|c=d,e|"},
	{"x=1,nowait,server", "x=1|wait=off|server=on|"},
	{"x=a=b", "x=a=b|"},
	{"/run/a=b", "/run/a=b|"},
	{"x=1,", "x=1|=on|"},
};

START_TEST(a_value_has_parts)
{
	const char *cursor = values[_i].text, *implied = "first";
	struct qemu_part part;
	char read[2048] = "";

	while (qemu_part_next(&cursor, implied, &part)) {
		implied = NULL;
		snprintf(read + strlen(read), sizeof(read) - strlen(read), "%s=%s|", part.key,
		         part.value);
	}
	ck_assert_str_eq(read, values[_i].parts);
}
END_TEST

START_TEST(a_long_part_is_cut)
{
	char text[3 * QEMU_VALUE_MAX];
	const char *cursor = text;
	struct qemu_part part;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	text[QEMU_VALUE_MAX] = '=';
	ck_assert(qemu_part_next(&cursor, NULL, &part));
	ck_assert_uint_eq(strlen(part.key), QEMU_KEY_MAX - 1);
	ck_assert_uint_eq(strlen(part.value), QEMU_VALUE_MAX - 1);
	ck_assert_ptr_null(cursor);
}
END_TEST

/* ---- plans ------------------------------------------------------------------------------------ */

#define QEMU   "qemu-system-x86_64|-machine|q35"
#define STRING "io.systemd.credential:vmm.notify_socket=vsock-stream:2:1234"
#define TOLD   QEMU "|-smbios|type=11,value=" STRING
#define PLAN(line, ...)                                                        \
	{                                                                      \
		.words = line, .own_vsock = "v", .result = line, .vsock = "v", \
		.no_event_monitor = true, .device_apart = true, __VA_ARGS__    \
	}
#define QMP(path) .api = VMM_API_QMP, .api_socket = path

static const struct plan_row sockets[] = {
	PLAN(TOLD),
	PLAN(TOLD "|-qmp|unix:/run/q,server=on,wait=off", QMP("/run/q")),
	PLAN(TOLD "|--qmp|unix:/run/q,server,nowait", QMP("/run/q")),
	PLAN(TOLD "|-qmp-pretty|unix:path=/run/q,server=yes", QMP("/run/q")),
	PLAN(TOLD "|-qmp|unix:/run/a,,b,server=on", QMP("/run/a,b")),
	PLAN(TOLD
             "|-chardev|socket,id=c,path=/run/q,server=on,wait=off|-mon|chardev=c,mode=control",
             QMP("/run/q")),
	PLAN(TOLD "|-mon|c,mode=control,pretty=on|-chardev|socket,path=/run/q,server,nowait,id=c",
             QMP("/run/q")),
	PLAN(TOLD "|-qmp|tcp:localhost:4444,server=on|-qmp|unix:/run/q,server=on", QMP("/run/q")),
	/* QEMU connects to these; that one is for people; these have no path. */
	PLAN(TOLD "|-qmp|unix:/run/q"),
	PLAN(TOLD "|-qmp|unix:/run/q,server=off"),
	PLAN(TOLD "|-chardev|socket,id=c,path=/run/q,server=on|-mon|chardev=c,mode=readline"),
	PLAN(TOLD "|-chardev|socket,id=c,path=/run/q,server=on|-mon|chardev=c"),
	PLAN(TOLD "|-chardev|socket,id=c,path=/run/q,server=on|-mon|chardev=d,mode=control"),
	PLAN(TOLD "|-chardev|pipe,id=c,path=/run/q|-mon|chardev=c,mode=control"),
	PLAN(TOLD "|-monitor|unix:/run/q,server=on"),
	PLAN(TOLD "|-qmp|stdio"),
	PLAN(TOLD "|-append|-qmp unix:/run/q,server=on"),
	PLAN(TOLD "|-qmp"),
};

static const struct plan_row lives[] = {
	PLAN(TOLD "|-no-shutdown", .stays = true),
	PLAN(TOLD "|-action|reboot=shutdown,shutdown=pause", .stays = true),
	PLAN(TOLD "|-action|shutdown=poweroff"),
	PLAN(TOLD "|-name|-no-shutdown"),
	PLAN(TOLD "|--daemonize", .forks = true),
	PLAN(TOLD "|-S", .paused = true),
	PLAN(TOLD "|-loadvm|s1", .restored = true),
	PLAN(TOLD "|-incoming|defer", .restored = true),
	PLAN("taskset|1|" TOLD "|-S", .program = "qemu-system-x86_64", .paused = true),
	{.words = TOLD, .failure = "where is the vsock socket of qemu-system-x86_64? Name the"},
	{.words = TOLD "|-device|vhost-vsock-pci,guest-cid=3",
         .failure = "QEMU's vhost-vsock device is the kernel's"},
};

#define FW_CFG "opt/io.systemd.credentials/vmm.notify_socket"

static const struct plan_row credentials[] = {
	PLAN(QEMU, .advice = "add -smbios type=11,value=" STRING " to QEMU's options"),
	PLAN(QEMU, .no_smbios = true, .advice = "vsock-stream:2:1234\" to QEMU's -append"),
	PLAN(QEMU, .credential = VMM_CREDENTIAL_CMDLINE, .advice = "to QEMU's -append"),
	PLAN(QEMU, .credential = VMM_CREDENTIAL_NONE),
	PLAN(QEMU "|-smbios|type=11,value=a,,b,value=io.systemd.credential:vmm.notify_socket="
                  "vsock-stream:2:77",
             .follows = 77),
	PLAN(QEMU "|-smbios|type=1,value=" STRING, .advice = "the guest is not told"),
	PLAN(QEMU "|-smbios|value=x,type=11|-smbios|type=11,value=io.systemd.credential.binary:"
                  "vmm.notify_socket=dnNvY2stc3RyZWFtOjI6Nzc=",
             .follows = 77),
	PLAN(QEMU "|-fw_cfg|name=" FW_CFG ",string=vsock-stream:2:77", .follows = 77),
	PLAN(QEMU "|-fw_cfg|" FW_CFG ",string=vsock-stream:2:77", .follows = 77),
	PLAN(QEMU "|-fw_cfg|name=opt/x,string=vsock-stream:2:77", .advice = "is not told"),
	PLAN(QEMU
             "|-kernel|k|-append|quiet systemd.set_credential=vmm.notify_socket:vsock-stream:2:77",
             .follows = 77),
	/* fw_cfg comes first, the command line last. */
	PLAN(TOLD "|-append|systemd.set_credential=vmm.notify_socket:vsock-stream:2:77"),
	PLAN(TOLD "|-fw_cfg|" FW_CFG ",string=vsock-stream:2:77", .follows = 77),
	/* What is in a file. */
	PLAN(QEMU "|-smbios|type=11,path=f", .config = STRING),
	PLAN(QEMU "|-smbios|type=11,path=f", .config = "another string", .advice = "is not told"),
	PLAN(QEMU "|-smbios|type=11,path=f", .advice = "is not told"),
	PLAN(QEMU "|-fw_cfg|" FW_CFG ",file=f", .config = "vsock-stream:2:77", .follows = 77),
	PLAN(QEMU "|-fw_cfg|" FW_CFG ",file=f", .advice = "report to another address"),
	{.words = QEMU "|-fw_cfg|" FW_CFG ",file=f",
         .own_vsock = "v",
         .config = "vsock-stream:2:77\n",
         .failure = "the VMM's -fw_cfg has a line break at the end"},
	{.words = QEMU "|-smbios|type=11,value=io.systemd.credential:vmm.notify_socket=vsock:2:9",
         .own_vsock = "v",
         .failure = "by vsock datagrams"},
	PLAN(TOLD "|-append|systemd.import_credentials=no",
             .advice = "the VMM's -append has systemd.import_credentials=no"),
	/* A confidential guest takes the last of these only. */
	PLAN(TOLD "|-object|sev-snp-guest,id=s",
             .advice = "to QEMU's -append, which changes the launch"),
	PLAN(TOLD "|-object|{\"qom-type\":\"tdx-guest\",\"id\":\"t\"}",
             .advice = "confidential guest"),
	PLAN(TOLD "|-object|tdx-guest,id=t|-append|systemd.set_credential=vmm.notify_socket:vsock-"
                  "stream:2:77",
             .follows = 77),
};

START_TEST(the_qmp_socket_is_found)
{
	fixture_check(&sockets[_i], VMM_QEMU);
}
END_TEST

START_TEST(how_qemu_starts_and_ends_is_known)
{
	fixture_check(&lives[_i], VMM_AUTO);
}
END_TEST

START_TEST(qemus_credential_is_found)
{
	fixture_check(&credentials[_i], VMM_QEMU);
}
END_TEST

static const struct {
	const char *words;
	const char *path;
} files[] = {
	{QEMU, NULL},
	{TOLD "|-smbios|type=11,path=f", NULL},
	{QEMU "|-smbios|type=11,path=f,value=x", "f"},
	{QEMU "|-smbios|type=11,path=f|-fw_cfg|" FW_CFG ",file=/g", "/g"},
	{QEMU "|-fw_cfg|opt/x,file=/g", NULL},
};

START_TEST(the_file_with_the_credential_is_named)
{
	const struct vmm_request request = {
		.arguments = fixture_split(files[_i].words),
		.event_fd = -1,
	};
	struct vmm_file file;

	ck_assert_int_eq(vmm_plan_file(&request, &file), 0);
	ck_assert_pstr_eq(file.path, files[_i].path);
	free(file.path);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vmm_plan_qemu");
	TCase *tcase = harness_case(suite, "qemu");

	tcase_add_checked_fixture(tcase, NULL, fixture_teardown);
	tcase_add_loop_test(tcase, options_and_values_are_told_apart, 0, COUNT(lines));
	tcase_add_loop_test(tcase, a_value_has_parts, 0, COUNT(values));
	tcase_add_test(tcase, a_long_part_is_cut);
	tcase_add_loop_test(tcase, the_qmp_socket_is_found, 0, COUNT(sockets));
	tcase_add_loop_test(tcase, how_qemu_starts_and_ends_is_known, 0, COUNT(lives));
	tcase_add_loop_test(tcase, qemus_credential_is_found, 0, COUNT(credentials));
	tcase_add_loop_test(tcase, the_file_with_the_credential_is_named, 0, COUNT(files));
	return harness_run(suite);
}
