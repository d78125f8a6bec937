/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of confine/confine_calls: the words for the filter program, for each way in which a process is set up.
 * That the program makes of them what they say, and that the loop gets by with them, tests/confine shows.
 */
#include "confine/confine_calls.h"

#include <regex.h>
#include <stdarg.h>
#include <sys/mman.h>

#include "base/pidfd.h"
#include "harness.h"

static struct confinement confinement;
static struct call_words calls;

static void setup(void)
{
	confinement_init(&confinement);
}

static void teardown(void)
{
	strv_free(&calls.words);
	ck_assert_ptr_null(calls.words.items);
	ck_assert_uint_eq(calls.words.count, 0);
}

static void make(void)
{
	strv_free(&calls.words);
	ck_assert_int_eq(confine_calls_make(&calls, &confinement), 0);
	ck_assert_ptr_null(calls.words.items[calls.words.count]);
}

/* The call that a word is about, without mark and conditions. */
static const char *call_of(const char *word)
{
	static char call[64];

	word += *word == '?';
	snprintf(call, sizeof(call), "%.*s", (int)strcspn(word, ":"), word);
	return call;
}

/* All words about call in order, with a space after each. */
static const char *words_of(const char *call)
{
	static char words[512];

	words[0] = '\0';
	for (size_t i = 0; i < calls.words.count; i++) {
		if (strcmp(call_of(calls.words.items[i]), call) != 0)
			continue;
		strcat(words, calls.words.items[i]);
		strcat(words, " ");
	}
	return words;
}

/* The words about call are "format ", one after the other. */
static void check_words(const char *call, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void check_words(const char *call, const char *format, ...)
{
	char expected[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(expected, sizeof(expected), format, arguments);
	va_end(arguments);
	ck_assert_str_eq(words_of(call), expected);
}

/* --- what is never there */

/* With which a process opens, makes, executes, watches, or becomes something. */
static const char *const never[] = {
	"open",
	"openat",
	"openat2",
	"creat",
	"open_by_handle_at",
	"execve",
	"execveat",
	"fork",
	"vfork",
	"clone",
	"clone3",
	"ptrace",
	"kill",
	"tkill",
	"pidfd_send_signal",
	"pidfd_getfd",
	"ioctl",
	"process_vm_readv",
	"process_vm_writev",
	"socket",
	"socketpair",
	"connect",
	"bind",
	"listen",
	"mprotect",
	"pkey_mprotect",
	"memfd_create",
	"shmat",
	"dup",
	"dup2",
	"dup3",
	"link",
	"linkat",
	"symlink",
	"rename",
	"renameat",
	"renameat2",
	"truncate",
	"ftruncate",
	"chmod",
	"fchmod",
	"fchmodat",
	"chown",
	"fchown",
	"mkdir",
	"mkdirat",
	"mknod",
	"mknodat",
	"mount",
	"umount2",
	"pivot_root",
	"chroot",
	"chdir",
	"unshare",
	"setns",
	"setuid",
	"setresuid",
	"setgroups",
	"capset",
	"prctl",
	"seccomp",
	"bpf",
	"perf_event_open",
	"io_uring_setup",
	"io_uring_enter",
	"userfaultfd",
	"keyctl",
	"add_key",
	"setrlimit",
	"prlimit64",
	"init_module",
	"kexec_load",
	"reboot",
	"syslog",
	"landlock_create_ruleset",
	"sched_setaffinity",
	"setsockopt",
	"getdents64",
};

START_TEST(nothing_can_be_opened_made_or_executed)
{
	make();
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		check_words(never[i], "%s", "");
}
END_TEST

/* --- what always is */

START_TEST(the_first_word_is_a_program_and_the_others_are_of_the_filters_form)
{
	regex_t form;

	confinement.connects[0] = 5;
	confinement.vmm = 6;
	confinement.proc_fd = 7;
	confinement.vsock = _i;
	make();
	ck_assert_int_eq(
		regcomp(&form,
	                "^[?][a-z0-9_]+(:[0-5](&[0-9]+)?=[0-9]+(,[0-5](&[0-9]+)?=[0-9]+)*)?$",
	                REG_EXTENDED | REG_NOSUB),
		0);
	ck_assert_str_eq(calls.words.items[0], "vsock-notify-filter");
	for (size_t i = 1; i < calls.words.count; i++)
		ck_assert_msg(regexec(&form, calls.words.items[i], 0, NULL, 0) == 0, "%s",
		              calls.words.items[i]);
	regfree(&form);
}
END_TEST

START_TEST(no_word_is_there_twice)
{
	confinement.connects[0] = 5;
	confinement.connects[1] = 6;
	confinement.vmm = 6;
	confinement.proc_fd = 7;
	make();
	for (size_t i = 0; i < calls.words.count; i++)
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(calls.words.items[i], calls.words.items[j]);
}
END_TEST

/* What the loop cannot do without, by the names of most systems. */
static const char *const always[] = {
	"epoll_wait", "epoll_ctl", "timerfd_settime", "accept4",   "read",           "write",
	"sendto",     "sendmsg",   "shutdown",        "pipe2",     "close",          "getsockopt",
	"recvmsg",    "poll",      "getpeername",     "unlink",    "rt_sigreturn",   "exit_group",
	"munmap",     "brk",       "futex",           "getrandom", "rt_sigprocmask",
};

START_TEST(what_the_loop_calls_stays_without_conditions)
{
	make();
	check_words(always[_i], "?%s ", always[_i]);
}
END_TEST

START_TEST(memory_is_never_executable)
{
	make();
	check_words("mmap", "?mmap:2&%d=0 ", PROT_EXEC);
	check_words("mmap2", "?mmap2:2&%d=0 ", PROT_EXEC);
}
END_TEST

START_TEST(descriptors_are_copied_and_nothing_else_is_set)
{
	make();
	check_words("fcntl", "?fcntl:1=%d ", F_DUPFD_CLOEXEC);
	check_words("fcntl64", "?fcntl64:1=%d ", F_DUPFD_CLOEXEC);
}
END_TEST

/* The words are made in a child, of which the filter is not. */
START_TEST(abort_reaches_the_process_that_is_confined)
{
	ck_assert_int_eq(confinement.self, getpid());
	make();
	check_words("tgkill", "?tgkill:0=%d ", getpid());
	confinement.self = 4711;
	make();
	check_words("tgkill", "?tgkill:0=4711 ");
}
END_TEST

/* --- what depends */

START_TEST(only_the_named_sockets_are_connected)
{
	make();
	check_words("connect", "%s", "");
	confinement.connects[0] = 5;
	make();
	check_words("connect", "?connect:0=5 ");
	confinement.connects[0] = 0;
	confinement.connects[2] = 77;
	make();
	check_words("connect", "?connect:0=0 ?connect:0=77 ");
	for (int i = 0; i < CONFINE_CONNECTS_MAX; i++)
		confinement.connects[i] = 10 + i;
	make();
	check_words("connect", "?connect:0=10 ?connect:0=11 ?connect:0=12 ?connect:0=13 ");
	check_words("socket", "%s", "");
}
END_TEST

START_TEST(sockets_are_made_of_vsock_only)
{
	confinement.vsock = true;
	confinement.connects[0] = _i ? 5 : -1;
	make();
	check_words("socket", "?socket:0=%d ", AF_VSOCK);
	check_words("connect", "?connect ");
}
END_TEST

static const char *const waits[] = {"wait4", "waitid", "waitpid"};

START_TEST(the_vmm_alone_is_signalled_and_waited_for)
{
	make();
	for (int i = 0; i < 3; i++)
		check_words(waits[i], "%s", "");
	check_words("kill", "%s", "");
	/* A pidfd tells whether a process lives; nothing can be done by it. */
	check_words("pidfd_open", "?pidfd_open ");
	check_words("ioctl", "%s", "");
	confinement.vmm = 4711;
	make();
	check_words("kill", "?kill:0=4711 ");
	for (int i = 0; i < 3; i++)
		check_words(waits[i], "?%s ", waits[i]);
	/* Of a pidfd nothing but what it tells. */
	check_words("pidfd_open", "?pidfd_open ");
	check_words("ioctl", "?ioctl:1=%u ", PIDFD_GET_INFO_REQUEST);
	check_words("pidfd_send_signal", "%s", "");
	check_words("openat", "%s", "");
}
END_TEST

START_TEST(files_are_opened_below_proc_only_and_to_be_read)
{
	confinement.vmm = _i;
	make();
	check_words("openat", "%s", "");
	confinement.proc_fd = 0;
	make();
	check_words("openat", "?openat:0=0,2&%d=0 ", O_ACCMODE | O_CREAT | O_TRUNC);
	confinement.proc_fd = 9;
	make();
	check_words("openat", "?openat:0=9,2&%d=0 ", O_ACCMODE | O_CREAT | O_TRUNC);
	check_words("open", "%s", "");
}
END_TEST

/* --- plugins */

static const char *const of_two[] = {"openat", "?statfs", NULL};
static const char *const of_none[] = {NULL};
static const char *const of_one[] = {"getdents64:0=5", NULL};

START_TEST(what_plugins_need_is_appended_in_order)
{
	const struct vsn_needs two = {.struct_size = sizeof(two), .system_calls = of_two};
	const struct vsn_needs none = {.struct_size = sizeof(none), .system_calls = of_none};
	const struct vsn_needs null = {.struct_size = sizeof(null)};
	const struct vsn_needs one = {.struct_size = sizeof(one), .system_calls = of_one};
	const struct vsn_needs *const all[] = {&two, &none, &null, &one};
	size_t without;

	confinement.vmm = 4711;
	make();
	without = calls.words.count;
	confinement.needs = all;
	confinement.need_count = 4;
	make();
	ck_assert_uint_eq(calls.words.count, without + 3);
	ck_assert_str_eq(calls.words.items[without], "openat");
	ck_assert_str_eq(calls.words.items[without + 1], "?statfs");
	ck_assert_str_eq(calls.words.items[without + 2], "getdents64:0=5");
	check_words("kill", "?kill:0=4711 ");
}
END_TEST

/* A plugin's word is a word, whatever is in it. */
START_TEST(a_plugins_word_is_no_format)
{
	const char *const odd[] = {"%s%n", NULL};
	const struct vsn_needs needs = {.struct_size = sizeof(needs), .system_calls = odd};
	const struct vsn_needs *const all[] = {&needs};

	confinement.needs = all;
	confinement.need_count = 1;
	make();
	ck_assert_str_eq(calls.words.items[calls.words.count - 1], "%s%n");
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

int main(void)
{
	Suite *suite = suite_create("confine_calls");
	TCase *tcase = harness_case(suite, "words");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, nothing_can_be_opened_made_or_executed);
	tcase_add_loop_test(
		tcase, the_first_word_is_a_program_and_the_others_are_of_the_filters_form, 0, 2);
	tcase_add_test(tcase, no_word_is_there_twice);
	tcase_add_loop_test(tcase, what_the_loop_calls_stays_without_conditions, 0, COUNT(always));
	tcase_add_test(tcase, memory_is_never_executable);
	tcase_add_test(tcase, descriptors_are_copied_and_nothing_else_is_set);
	tcase_add_test(tcase, abort_reaches_the_process_that_is_confined);
	tcase_add_test(tcase, only_the_named_sockets_are_connected);
	tcase_add_loop_test(tcase, sockets_are_made_of_vsock_only, 0, 2);
	tcase_add_test(tcase, the_vmm_alone_is_signalled_and_waited_for);
	tcase_add_loop_test(tcase, files_are_opened_below_proc_only_and_to_be_read, 0, 2);
	tcase_add_test(tcase, what_plugins_need_is_appended_in_order);
	tcase_add_test(tcase, a_plugins_word_is_no_format);
	return harness_run(suite);
}
