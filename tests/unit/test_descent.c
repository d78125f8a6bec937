/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of guest/descent with real processes: a line of them, each the child of the one before, that
 * live until the test lets them go. Each case is run on the kernel as it is, then as on older ones: a filter
 * denies what they do not have, and /proc alone tells.
 */
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include "base/pidfd.h"
#include "guest/descent.h"
#include "guest/peer.h"
#include "harness.h"

#define LINE_MAX_LENGTH 40

/* The kernels that a case is run on. */
enum kernel {
	AS_IT_IS,
	WITHOUT_PIDFDS,        /* before 5.3 */
	WITHOUT_PIDFD_ANSWERS, /* before 6.13 */
	KERNELS
};

static int proc_fd = -1;
static int gate[2]; /* its writing end is open as long as the processes are to live */
static pid_t line[LINE_MAX_LENGTH]; /* the first is this process */

static void setup(void)
{
	proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(proc_fd, 0);
	ck_assert_int_eq(pipe2(gate, O_CLOEXEC), 0);
}

/* Lets the processes go and waits for the first, which waits for the others. */
static void teardown(void)
{
	close(gate[1]);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	close(gate[0]);
	close(proc_fd);
}

/* From here on this process, and who descends from it, has an older kernel's calls. */
static void become_older(enum kernel kernel)
{
	const uint32_t call = kernel == WITHOUT_PIDFDS ? SYS_pidfd_open : SYS_ioctl;
	const uint32_t error = kernel == WITHOUT_PIDFDS ? ENOSYS : ENOTTY;
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 2, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PIDFD_GET_INFO_REQUEST, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(filter[0]),
		.filter = filter,
	};

	if (kernel == AS_IT_IS)
		return;
	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ck_assert_int_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

/* Whether pidfds tell of parents here. */
static bool pidfds_answer(void)
{
	uint64_t answer[8] = {1};
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	bool does = fd >= 0 && ioctl(fd, PIDFD_GET_INFO_REQUEST, answer) == 0;

	if (fd >= 0)
		close(fd);
	return does;
}

static void tell_pid(int told)
{
	pid_t pid = getpid();

	if (write(told, &pid, sizeof(pid)) != sizeof(pid))
		_exit(1);
}

/* Until it is let go, and its children have gone. */
static void live(int told)
{
	char byte;

	close(gate[1]);
	close(told);
	while (read(gate[0], &byte, 1) < 0)
		;
	while (wait(NULL) > 0)
		;
	_exit(0);
}

/* The first of count processes of a line: each tells its pid, then has the next as its child. */
static void live_in_line(unsigned count, int told, const char *name)
{
	if (name)
		prctl(PR_SET_NAME, name);
	do {
		tell_pid(told);
	} while (--count > 0 && fork() == 0);
	live(told);
}

/* Fills in line[0 .. length). name: what each calls itself; NULL: what it is called. */
static void start_line(unsigned length, const char *name)
{
	int told[2];
	pid_t child;

	line[0] = getpid();
	ck_assert_int_eq(pipe2(told, O_CLOEXEC), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		live_in_line(length - 1, told[1], name);
	close(told[1]);
	for (unsigned i = 1; i < length; i++)
		ck_assert_int_eq(read(told[0], &line[i], sizeof(line[i])), sizeof(line[i]));
	close(told[0]);
	ck_assert_int_eq(line[1], child);
}

static bool descends(unsigned place, unsigned ancestor)
{
	return peer_descends(proc_fd, line[place], line[ancestor]);
}

START_TEST(children_and_grandchildren_descend_and_nobody_else)
{
	become_older((enum kernel)_i);
	start_line(4, NULL);
	for (unsigned place = 0; place < 4; place++)
		for (unsigned ancestor = 0; ancestor < 4; ancestor++)
			ck_assert_int_eq(descends(place, ancestor), place >= ancestor);
	ck_assert(!peer_descends(proc_fd, getppid(), line[1]));
	ck_assert(!peer_descends(proc_fd, 1, line[1]));
}
END_TEST

START_TEST(of_two_children_neither_descends_from_the_other)
{
	pid_t first;

	become_older((enum kernel)_i);
	start_line(3, NULL);
	first = line[1];
	start_line(3, NULL);
	ck_assert(!peer_descends(proc_fd, line[1], first));
	ck_assert(!peer_descends(proc_fd, line[2], first));
	ck_assert(!peer_descends(proc_fd, first, line[2]));
	ck_assert(peer_descends(proc_fd, first, getpid()));
	ck_assert(peer_descends(proc_fd, line[2], getpid()));
}
END_TEST

/* A process may choose its name, and so what its line in proc(5) looks like, but not its parent. */
static const char *const names[] = {
	") 1 (",         ") S 1 (", ") R 1 1 1",      ") S 1 1 1 0 -1", "(", ")", "))))))))))))))",
	"a b c d e f g", "\n",      "x\n) S 1 1 1 1", ") S 2147483647", " ",
};

START_TEST(a_name_that_looks_like_another_parent_is_no_disguise)
{
	become_older((enum kernel)(_i % KERNELS));
	start_line(4, names[_i / KERNELS]);
	for (unsigned place = 1; place < 4; place++)
		for (unsigned ancestor = 0; ancestor < 4; ancestor++)
			ck_assert_int_eq(descends(place, ancestor), place >= ancestor);
}
END_TEST

/* Such a name, with the pid of the VMM where the parent's is looked for. */
START_TEST(nor_is_one_that_looks_like_a_descendant_of_the_vmm)
{
	char name[16];
	pid_t vmm;

	become_older((enum kernel)_i);
	start_line(2, NULL);
	vmm = line[1];
	snprintf(name, sizeof(name), ") S %d (", vmm);
	start_line(3, name);
	ck_assert(!peer_descends(proc_fd, line[1], vmm));
	ck_assert(!peer_descends(proc_fd, line[2], vmm));
}
END_TEST

START_TEST(without_proc_pidfds_tell_or_there_is_only_the_process_itself)
{
	bool told;

	become_older((enum kernel)_i);
	told = pidfds_answer();
	ck_assert(!told || _i == AS_IT_IS);
	start_line(3, NULL);
	for (unsigned place = 0; place < 3; place++)
		for (unsigned ancestor = 0; ancestor < 3; ancestor++)
			ck_assert_int_eq(peer_descends(-1, line[place], line[ancestor]),
			                 told ? place >= ancestor : place == ancestor);
}
END_TEST

START_TEST(what_is_not_proc_tells_of_nobody)
{
	int other = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	become_older(WITHOUT_PIDFDS);
	start_line(3, NULL);
	ck_assert(!peer_descends(other, line[2], line[1]));
	ck_assert(peer_descends(other, line[2], line[2]));
	close(other);
}
END_TEST

START_TEST(no_descriptor_is_left)
{
	unsigned before;

	become_older((enum kernel)_i);
	start_line(4, NULL);
	before = harness_open_fds();
	for (unsigned i = 0; i < 10; i++)
		ck_assert(descends(3, 0));
	ck_assert_uint_eq(harness_open_fds(), before);
}
END_TEST

START_TEST(a_process_that_is_not_there_descends_from_nobody)
{
	pid_t gone;

	become_older((enum kernel)_i);
	gone = fork();
	if (gone == 0)
		_exit(0);
	/* A zombie still has its parent. */
	ck_assert_int_eq(waitid(P_PID, (id_t)gone, &(siginfo_t){0}, WEXITED | WNOWAIT), 0);
	ck_assert(peer_descends(proc_fd, gone, getpid()));
	ck_assert_int_eq(waitpid(gone, NULL, 0), gone);
	ck_assert(!peer_descends(proc_fd, gone, getpid()));
	ck_assert(!peer_descends(proc_fd, 0, getpid()));
	ck_assert(!peer_descends(proc_fd, -1, getpid()));
	ck_assert(!peer_descends(proc_fd, INT32_MAX, getpid()));
}
END_TEST

/* Whose parent has gone is somebody else's child: the VMM's no more. */
START_TEST(an_orphan_descends_from_who_took_it_over)
{
	pid_t middle, orphan;
	int told[2];

	become_older((enum kernel)_i);
	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	ck_assert_int_eq(pipe2(told, O_CLOEXEC), 0);
	middle = fork();
	if (middle == 0) {
		if (fork() == 0)
			live_in_line(1, told[1], NULL);
		_exit(0);
	}
	ck_assert_int_eq(read(told[0], &orphan, sizeof(orphan)), sizeof(orphan));
	ck_assert_int_eq(waitpid(middle, NULL, 0), middle);
	ck_assert(!peer_descends(proc_fd, orphan, middle));
	ck_assert(peer_descends(proc_fd, orphan, getpid()));
	close(told[0]);
	close(told[1]);
}
END_TEST

START_TEST(a_line_is_followed_some_way_and_not_for_ever)
{
	become_older((enum kernel)_i);
	start_line(LINE_MAX_LENGTH, NULL);
	for (unsigned place = 0; place < 16; place++)
		ck_assert(descends(place, 0));
	ck_assert(descends(LINE_MAX_LENGTH - 1, LINE_MAX_LENGTH - 16));
	ck_assert(!descends(LINE_MAX_LENGTH - 1, 0));
}
END_TEST

START_TEST(a_descendant_of_the_vmm_may_speak_and_a_child_of_its_parents_may_not)
{
	struct peer_rule rule = {.proc_fd = proc_fd};
	struct peer peer = {.port = VSN_PORT_UNKNOWN};

	become_older((enum kernel)_i);
	start_line(4, NULL);
	rule.vmm = rule.ancestor = line[1];
	peer.pid = line[3];
	ck_assert_ptr_null(peer_refusal(&rule, &peer));
	peer.pid = getpid();
	ck_assert_ptr_nonnull(peer_refusal(&rule, &peer));
	start_line(2, NULL);
	peer.pid = line[1];
	ck_assert_ptr_nonnull(peer_refusal(&rule, &peer));
	rule.proc_fd = -1;
	peer.pid = rule.vmm;
	ck_assert_ptr_null(peer_refusal(&rule, &peer));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("peer_descent");
	TCase *tcase = harness_case(suite, "descent");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, children_and_grandchildren_descend_and_nobody_else, 0, KERNELS);
	tcase_add_loop_test(tcase, of_two_children_neither_descends_from_the_other, 0, KERNELS);
	tcase_add_loop_test(tcase, a_name_that_looks_like_another_parent_is_no_disguise, 0,
	                    KERNELS * (int)(sizeof(names) / sizeof(names[0])));
	tcase_add_loop_test(tcase, nor_is_one_that_looks_like_a_descendant_of_the_vmm, 0, KERNELS);
	tcase_add_loop_test(tcase, without_proc_pidfds_tell_or_there_is_only_the_process_itself, 0,
	                    KERNELS);
	tcase_add_loop_test(tcase, no_descriptor_is_left, 0, KERNELS);
	tcase_add_test(tcase, what_is_not_proc_tells_of_nobody);
	tcase_add_loop_test(tcase, a_process_that_is_not_there_descends_from_nobody, 0, KERNELS);
	tcase_add_loop_test(tcase, an_orphan_descends_from_who_took_it_over, 0, KERNELS);
	tcase_add_loop_test(tcase, a_line_is_followed_some_way_and_not_for_ever, 0, KERNELS);
	tcase_add_loop_test(tcase,
	                    a_descendant_of_the_vmm_may_speak_and_a_child_of_its_parents_may_not, 0,
	                    KERNELS);
	return harness_run(suite);
}
