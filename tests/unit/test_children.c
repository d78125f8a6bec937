/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/children: whom a launcher left behind, and which of them is the VMM. */
#include "run/children.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

static const struct child left[] = {
	{10, "virtiofsd"}, {11, "firecracker"}, {12, "cloud-hyperviso"}, {13, "tail"}};

static const struct {
	struct children_wanted wanted;
	size_t count;
	pid_t expected; /* 0: none */
} rows[] = {
	/* The one that speaks for the guest, whatever its name is. */
	{{.program = "firecracker", .connected = 13, .any = true}, 4, 13},
	{{.program = "firecracker", .connected = 13}, 4, 13},
	/* A VMM that has ended leaves helpers behind. */
	{{.program = "firecracker"}, 4, 0},
	{{.program = "firecracker", .connected = 99}, 4, 0},
	/* A launcher leaves a VMM behind: by its name, of which the kernel keeps 15 bytes. */
	{{.program = "firecracker", .any = true}, 4, 11},
	{{.program = "cloud-hypervisor", .any = true}, 4, 12},
	{{.program = "/usr/bin/cloud-hypervisor", .named = true}, 4, 12},
	{{.program = "crosvm", .named = true}, 4, 0},
	{{.program = "firecracker", .named = true, .except = 11}, 4, 0},
	{{.program = "fire", .any = true}, 4, 13},
	/* Else the last one. */
	{{.program = "crosvm", .any = true}, 4, 13},
	{{.program = "crosvm", .any = true}, 1, 10},
	{{.program = "crosvm", .except = 13, .any = true}, 4, 12},
	{{.program = "crosvm", .except = 10, .any = true}, 1, 0},
	{{.program = "crosvm", .any = true}, 0, 0},
};

START_TEST(one_of_them_is_the_vmm)
{
	const struct child *found = children_choose(left, rows[_i].count, &rows[_i].wanted);

	ck_assert_int_eq(found ? found->pid : 0, rows[_i].expected);
}
END_TEST

/* A child of the test, with this name, that waits for the end of its standard input. */
static pid_t start(const char *name, const int gate[2])
{
	pid_t pid = fork();
	char byte;

	if (pid != 0)
		return pid;
	close(gate[1]);
	prctl(PR_SET_NAME, name);
	_exit(read(gate[0], &byte, 1) != 0);
}

START_TEST(the_kernel_lists_them)
{
	int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct child children[CHILDREN_MAX];
	pid_t pids[2];
	int gate[2];

	ck_assert_int_eq(children_list(proc_fd, children), 0);
	ck_assert_int_eq(pipe2(gate, O_CLOEXEC), 0);
	pids[0] = start("first", gate);
	pids[1] = start("second) S 1", gate);
	ck_assert_int_eq(children_list(proc_fd, children), 2);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(children[i].pid, pids[i]);
	close(gate[1]);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(waitpid(pids[i], NULL, 0), pids[i]);
	ck_assert_int_lt(children_list(-1, children), 0);
	close(proc_fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("children");
	TCase *tcase = harness_case(suite, "children");

	tcase_add_loop_test(tcase, one_of_them_is_the_vmm, 0,
	                    (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tcase, the_kernel_lists_them);
	return harness_run(suite);
}
