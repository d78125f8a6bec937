/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/vmm/launcher: where the VMM's program is behind others, and what they do to it. */
#include "run/vmm/launcher.h"

#include "plan_fixture.h"

static const struct {
	const char *
		words; /* the VMM's program is the first word "cloud-hypervisor" that is not an option's value */
	size_t program;
	const char *closes;
	const char *user;
	const char *shell;
	const char *away;
	bool forks;
} rows[] = {
	{.words = "cloud-hypervisor|--kernel|k", .program = 0},
	{.words = "/usr/bin/cloud-hypervisor|--disk|firecracker", .program = 0},
	{.words = "sudo|cloud-hypervisor|--kernel|k", .program = 1, .closes = "sudo"},
	{.words = "/usr/bin/sudo|-n|-E|A=b|--|cloud-hypervisor", .program = 5, .closes = "sudo"},
	{.words = "sudo|-u|cloud-hypervisor|cloud-hypervisor",
         .program = 3,
         .closes = "sudo",
         .user = "cloud-hypervisor"},
	{.words = "sudo|-nucloud-hypervisor|-g|firecracker|cloud-hypervisor",
         .program = 4,
         .closes = "sudo",
         .user = "cloud-hypervisor"},
	{.words = "sudo|--user=#1000|--group|firecracker|cloud-hypervisor",
         .program = 4,
         .closes = "sudo",
         .user = "#1000"},
	/* Which descriptors sudo closes can be said: 7 is the one that matters here. */
	{.words = "sudo|-C|8|cloud-hypervisor", .program = 3},
	{.words = "sudo|-C64|cloud-hypervisor", .program = 2},
	{.words = "sudo|--close-from=8|cloud-hypervisor", .program = 2},
	{.words = "sudo|-C|7|cloud-hypervisor", .program = 3, .closes = "sudo"},
	{.words = "doas|-u|vm|cloud-hypervisor", .program = 3, .closes = "doas", .user = "vm"},
	{.words = "doas|-n|cloud-hypervisor", .program = 2, .closes = "doas"},
	{.words = "env|-i|A=/opt/cloud-hypervisor/x|PATH=/bin|cloud-hypervisor", .program = 4},
	{.words = "env|-u|cloud-hypervisor|-C|/|-|cloud-hypervisor", .program = 6},
	{.words = "nice|-n|-5|cloud-hypervisor", .program = 3},
	{.words = "nice|-10|cloud-hypervisor", .program = 2},
	{.words = "nice|cloud-hypervisor", .program = 1},
	{.words = "ionice|-c|2|-n0|cloud-hypervisor", .program = 4},
	{.words = "chrt|-f|50|cloud-hypervisor", .program = 3},
	{.words = "chrt|--rr|-R|1|cloud-hypervisor", .program = 4},
	{.words = "chrt|-b|cloud-hypervisor", .program = 2},
	{.words = "chrt|-d|-T|1|-P|2|0|cloud-hypervisor", .program = 7},
	{.words = "taskset|-c|0,3|cloud-hypervisor", .program = 3},
	{.words = "taskset|--cpu-list|0-3|cloud-hypervisor", .program = 3},
	{.words = "taskset|0x3|cloud-hypervisor", .program = 2},
	{.words = "numactl|--cpunodebind=0|--membind=0|cloud-hypervisor", .program = 3},
	{.words = "numactl|-N|0|-m|0|--|cloud-hypervisor", .program = 6},
	{.words = "numactl|--interleave|all|cloud-hypervisor", .program = 3},
	{.words = "prlimit|--nofile=4096|--memlock=unlimited|cloud-hypervisor", .program = 3},
	{.words = "setpriv|--reuid|1000|--regid=1000|--clear-groups|cloud-hypervisor",
         .program = 5,
         .user = "1000"},
	{.words = "setpriv|--reuid=vm|--init-groups|cloud-hypervisor", .program = 3, .user = "vm"},
	{.words = "unshare|-n|-m|--root=/r|cloud-hypervisor", .program = 4},
	{.words = "unshare|--mount|--wd|/|cloud-hypervisor", .program = 4},
	{.words = "nsenter|-t|12|-n|cloud-hypervisor", .program = 4},
	{.words = "nsenter|--net=/run/netns/blue|--|cloud-hypervisor", .program = 3},
	{.words = "nsenter|-n/run/netns/mart|cloud-hypervisor", .program = 2},
	{.words = "ip|netns|exec|firecracker|cloud-hypervisor", .program = 4},
	{.words = "ip|-4|-n|red|netns|exec|blue|cloud-hypervisor", .program = 7},
	{.words = "ip|vrf|exec|blue|cloud-hypervisor", .program = 4},
	{.words = "ip|net|ex|blue|cloud-hypervisor", .program = 4},
	{.words = "ip|-all|netns|exec|cloud-hypervisor", .program = 4},
	{.words = "chroot|/jail|cloud-hypervisor", .program = 2},
	{.words = "setsid|-w|cloud-hypervisor", .program = 2},
	{.words = "setsid|--fork|cloud-hypervisor", .program = 2, .forks = true},
	{.words = "setsid|-f|cloud-hypervisor", .program = 2, .forks = true},
	{.words = "nohup|cloud-hypervisor", .program = 1},
	{.words = "stdbuf|-oL|-e|L|cloud-hypervisor", .program = 4},
	{.words = "timeout|-k|5|60|cloud-hypervisor", .program = 4},
	{.words = "timeout|--signal=TERM|1h|cloud-hypervisor", .program = 3},
	{.words = "strace|-f|-o|firecracker.log|-e|trace=all|cloud-hypervisor", .program = 6},
	{.words = "perf|record|-g|-o|firecracker.data|--|cloud-hypervisor", .program = 6},
	{.words = "perf|stat|-e|cycles|cloud-hypervisor", .program = 4},
	{.words = "perf|record|-o|cloud-hypervisor.data|./cloud-hypervisor", .program = 4},
	{.words = "perf|record|-o|firecracker.data|./cloud-hypervisor-v53", .program = 4},
	{.words = "bwrap|--unshare-all|--ro-bind|/bin/cloud-hypervisor|/bin/"
                  "cloud-hypervisor|--chdir|/|"
                  "--setenv|A|firecracker|--dev|/dev|/bin/cloud-hypervisor",
         .program = 12},
	{.words = "setarch|x86_64|-R|cloud-hypervisor", .program = 3},
	{.words = "gdb|--args|cloud-hypervisor", .program = 2},
	{.words = "valgrind|--tool=memcheck|cloud-hypervisor", .program = 2},
	{.words = "runuser|-u|vm|--|cloud-hypervisor", .program = 4, .user = "vm"},
	{.words = "gosu|vm:kvm|cloud-hypervisor", .program = 2, .user = "vm:kvm"},
	{.words = "s6-setuidgid|vm|cloud-hypervisor", .program = 2, .user = "vm"},
	{.words = "systemd-run|--scope|-p|MemoryMax=1G|cloud-hypervisor", .program = 4},
	{.words = "systemd-run|--wait|--unit|firecracker|cloud-hypervisor",
         .program = 4,
         .away = "systemd-run"},
	{.words = "systemd-inhibit|--what=sleep|--who|me|cloud-hypervisor",
         .program = 4,
         .closes = "systemd-inhibit"},
	{.words = "firejail|--noprofile|cloud-hypervisor", .program = 2, .closes = "firejail"},
	{.words = "firejail|--keep-fd=all|cloud-hypervisor", .program = 2},
	{.words = "pasta|--config-net|--|cloud-hypervisor", .program = 3, .closes = "pasta"},
	{.words = "tini|-g|--|cloud-hypervisor", .program = 3},
	{.words = "busybox|nice|cloud-hypervisor", .program = 2},
	/* One after the other. */
	{.words = "sudo|ip|netns|exec|blue|numactl|-N|0|cloud-hypervisor",
         .program = 8,
         .closes = "sudo"},
	{.words = "nice|sudo|-u|vm|env|A=b|cloud-hypervisor",
         .program = 6,
         .closes = "sudo",
         .user = "vm"},
	/* A program that nobody here knows. */
	{.words = "./run-vm.sh|-x|cloud-hypervisor|--kernel|k", .program = 2},
	{.words = "./run-vm.sh|--image|/img/cloud-hypervisor.raw", .program = 0},
	{.words = "./run-vm.sh|--kernel=cloud-hypervisor", .program = 0},
	{.words = "./run-vm.sh|qemu-system-x86_64|-S", .program = 1},
	{.words = "sudo|./run-vm.sh|cloud-hypervisor", .program = 1, .closes = "sudo"},
	/* No command. */
	{.words = "sudo", .program = 0, .closes = "sudo"},
	{.words = "sudo|-u", .program = 0, .closes = "sudo"},
	{.words = "ip|link|show", .program = 0},
	{.words = "ip|netns", .program = 0},
	{.words = "perf|list", .program = 0},
	{.words = "env|A=b", .program = 0},
	/* A command that is one string. */
	{.words = "sh|-c|exec cloud-hypervisor --kernel k", .program = 0, .shell = "sh"},
	{.words = "bash|-euc|cloud-hypervisor --kernel k", .program = 0, .shell = "bash"},
	{.words = "env|-S|cloud-hypervisor --kernel k", .program = 0, .shell = "env"},
	{.words = "su|vm|-c|cloud-hypervisor --kernel k", .program = 0, .shell = "su"},
	{.words = "sudo|sh|-c|cloud-hypervisor --kernel k",
         .program = 1,
         .closes = "sudo",
         .shell = "sh"},
	{.words = "sh|-c|exec \"$@\"|-|cloud-hypervisor|--kernel|k", .program = 4, .shell = "sh"},
	{.words = "sh|/opt/run-vm.sh|-c|x", .program = 1},
};

START_TEST(the_vmm_is_found_behind_launchers)
{
	const char *words = rows[_i].words;
	struct launcher launcher;

	launcher_read(fixture_split(words), 7, &launcher);
	ck_assert_msg(launcher.program == rows[_i].program, "%s: %zu", words, launcher.program);
	ck_assert_pstr_eq(launcher.closes, rows[_i].closes);
	ck_assert_pstr_eq(launcher.user, rows[_i].user);
	ck_assert_pstr_eq(launcher.shell, rows[_i].shell);
	ck_assert_pstr_eq(launcher.away, rows[_i].away);
	ck_assert_int_eq(launcher.forks, rows[_i].forks);
}
END_TEST

#define CREDENTIAL "io.systemd.credential:vmm.notify_socket=vsock-stream:2:1234"
#define VMM        "cloud-hypervisor|--kernel|k|--vsock|cid=3,socket=v"
#define COMPLETE   VMM "|--platform|oem_strings=[" CREDENTIAL "]"
#define EVENTS     "|--event-monitor|fd=7"

static const struct plan_row plans[] = {
	/* A launcher's own options are not the VMM's. */
	{.words = "numactl|--membind=0|" VMM,
         .result = "numactl|--membind=0|" COMPLETE EVENTS,
         .program = "cloud-hypervisor",
         .vsock = "v"},
	{.words = "ip|--vsock|--kernel|netns|exec|blue|" VMM,
         .result = "ip|--vsock|--kernel|netns|exec|blue|" COMPLETE EVENTS,
         .program = "cloud-hypervisor",
         .vsock = "v"},
	{.words = "taskset|1|cloud-hypervisor|--kernel|k|--platform|uuid=u|--vsock=cid=3,socket=v",
         .result =
                 "taskset|1|cloud-hypervisor|--kernel|k|--platform|uuid=u,oem_strings=[" CREDENTIAL
                 "]|--vsock=cid=3,socket=v" EVENTS,
         .program = "cloud-hypervisor",
         .vsock = "v"},
	/* The event monitor's descriptor does not reach the VMM. */
	{.words = "sudo|" VMM,
         .result = "sudo|" COMPLETE,
         .program = "cloud-hypervisor",
         .vsock = "v",
         .no_event_monitor = true,
         .monitor_advice = "allow closefrom_override in sudoers and write sudo -C 64"},
	{.words = "sudo|-C|64|-u|#1000|" VMM,
         .result = "sudo|-C|64|-u|#1000|" COMPLETE EVENTS,
         .program = "cloud-hypervisor",
         .user = "#1000",
         .uid = 1000,
         .vsock = "v"},
	{.words = "doas|" VMM,
         .result = "doas|" COMPLETE,
         .program = "cloud-hypervisor",
         .vsock = "v",
         .no_event_monitor = true,
         .monitor_advice = "--event-monitor=no"},
	{.words = "sudo|" VMM EVENTS,
         .result = "sudo|" VMM EVENTS "|--platform|oem_strings=[" CREDENTIAL "]",
         .program = "cloud-hypervisor",
         .vsock = "v",
         .no_event_monitor = true},
	{.words = "setsid|-f|" VMM,
         .result = "setsid|-f|" COMPLETE EVENTS,
         .program = "cloud-hypervisor",
         .vsock = "v",
         .forks = true},
	/* Paths mean something else behind these. */
	{.words = "env|-C|/vm|" VMM,
         .failure = "env changes the working directory, so the VMM's v is"},
	{.words = "sudo|--chdir=/vm|" VMM, .failure = "write an absolute path"},
	{.words = "sudo|-i|-u|vm|" VMM, .failure = "write an absolute path"},
	{.words = "unshare|-m|--wd|/vm|" VMM, .failure = "write an absolute path"},
	{.words = "env|-C|/vm|cloud-hypervisor|--kernel|k|--vsock|cid=3,socket=/v|--api-socket|a",
         .failure = "the VMM's a is somewhere else"},
	{.words = "env|--chdir|/vm|cloud-hypervisor|--kernel|k|--vsock|cid=3,socket=/v",
         .result = "env|--chdir|/vm|cloud-hypervisor|--kernel|k|--vsock|cid=3,socket=/v|--platform|"
                   "oem_strings=[" CREDENTIAL "]" EVENTS,
         .program = "cloud-hypervisor",
         .vsock = "/v"},
	{.words = "nsenter|-t|12|-m|-n|cloud-hypervisor|--kernel|k|--vsock|cid=3,socket=/v",
         .failure = "nsenter changes the root folder, in which the VMM's /v is"},
	{.words = "nsenter|-t|12|--mount|cloud-hypervisor|--kernel|k|--vsock|cid=3,socket=/v",
         .failure = "nsenter changes the root folder, in which the VMM's /v is"},
	{.words = "flock|/l|-c|cloud-hypervisor --kernel k",
         .failure = "the command of flock is one string, which cannot be read"},
	{.words = "chroot|--userspec=vm|/jail|cloud-hypervisor|--kernel|k|--vsock|cid=3,socket=/v",
         .failure = "chroot changes the root folder, in which the VMM's /v is: use --vmm=other"},
	{.words = "unshare|-R|/jail|" VMM, .failure = "unshare changes the root folder"},
	{.words = "systemd-run|" VMM, .failure = "write systemd-run in front of vsock-notify"},
	{.words = "sh|-c|exec " VMM, .failure = "the command of sh is one string"},
	{.words = "qemu-system-x86_64", .failure = "vhost-device-vsock with --vsock=PATH"},
	{.words = "crosvm", .failure = "where is the vsock socket of crosvm?"},
};

START_TEST(the_plan_is_the_vmms)
{
	fixture_check(&plans[_i], VMM_AUTO);
}
END_TEST

START_TEST(a_vmm_of_another_kind_is_not_read_behind_its_launcher)
{
	static const struct plan_row row = {.words = "sh|-c|x|--vsock",
	                                    .own_vsock = "v",
	                                    .result = "sh|-c|x|--vsock",
	                                    .vsock = "v",
	                                    .no_event_monitor = true,
	                                    .device_apart = true};

	static const struct plan_row refused = {.words = "sh|-c|x|--vsock",
	                                        .own_vsock = "v",
	                                        .failure = "use --vmm=other with --vsock=PATH"};

	fixture_check(&row, VMM_OTHER);
	fixture_teardown();
	fixture_check(&refused, VMM_CLOUD_HYPERVISOR);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("launcher");
	TCase *tcase = harness_case(suite, "launcher");

	tcase_add_checked_fixture(tcase, NULL, fixture_teardown);
	tcase_add_loop_test(tcase, the_vmm_is_found_behind_launchers, 0, COUNT(rows));
	tcase_add_loop_test(tcase, the_plan_is_the_vmms, 0, COUNT(plans));
	tcase_add_test(tcase, a_vmm_of_another_kind_is_not_read_behind_its_launcher);
	return harness_run(suite);
}
