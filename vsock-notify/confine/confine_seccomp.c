/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Confinement: a seccomp(2) filter. A separate program makes it from a list of names with libseccomp, and exits. So the
 * library, which would add a quarter to the memory of each process, is never loaded into this one. A call that is not allowed
 * fails with EPERM, and the kernel's audit logs it.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include "base/fd.h"
#include "base/memory.h"
#include "base/paths.h"
#include "confine_calls.h"
#include "confine_stages.h"

/* In bytes. The filter has about 150 instructions; a plugin's needs may double that. */
#define FILTER_SIZE_MAX (512 * (ssize_t)sizeof(struct sock_filter))

/* A shell uses the same exit status. */
#define EXIT_NOT_EXECUTED 127

/* Runs in the child, so that the words take no memory in the parent. */
static void become_filter(const char *program, const struct confinement *confinement, int output)
{
	struct call_words calls;

	if (dup2(output, STDOUT_FILENO) == STDOUT_FILENO &&
	    confine_calls_make(&calls, confinement) == 0)
		execv(program, calls.words.items);
	_exit(EXIT_NOT_EXECUTED);
}

/* Has the program make the filter. Returns its size in bytes, or a negative errno. */
static ssize_t make_filter(const char *program, struct confinement *confinement)
{
	CLEANUP_FD int output = -1;
	int ends[2];
	int status = 0;
	ssize_t n;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	output = ends[0];
	pid = fork();
	if (pid == 0)
		become_filter(program, confinement, ends[1]);
	close(ends[1]);
	if (pid < 0)
		return -errno;
	n = read_whole(output, confinement->filter, FILTER_SIZE_MAX);
	/* If SIGCHLD is ignored, there is no status; then the output decides. */
	if (waitpid(pid, &status, 0) == pid && status != 0)
		return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NOT_EXECUTED ? -ENOENT
		                                                                     : -ENOEXEC;
	return n;
}

int confine_filter(struct confinement *confinement)
{
	CLEANUP_FREE char *program = path_expand(path_of_filter);
	/* malloc(3) would keep the memory after it has been freed. */
	void *filter = mmap(NULL, FILTER_SIZE_MAX, PROT_READ | PROT_WRITE,
	                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ssize_t n;

	if (!program || filter == MAP_FAILED)
		return -ENOMEM;
	confinement->filter = filter;
	n = make_filter(program, confinement);
	if (n < 0)
		return (int)n;
	confinement->filter_length = (size_t)n / sizeof(struct sock_filter);
	if (n == 0 || n % (ssize_t)sizeof(struct sock_filter) != 0)
		return -ENOEXEC;
	return n == FILTER_SIZE_MAX ? -E2BIG : 0;
}

void confine_filter_free(struct confinement *confinement)
{
	if (confinement->filter)
		munmap(confinement->filter, FILTER_SIZE_MAX);
	confinement->filter = NULL;
}

int confine_seccomp(struct confinement *confinement)
{
	const struct sock_fprog program = {
		.len = (unsigned short)confinement->filter_length,
		.filter = confinement->filter,
	};

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, &program) == 0)
		return 0;
	/* The kernel has no seccomp filters, or the container allows none. */
	return errno == ENOSYS || errno == EINVAL || errno == EPERM ? CONFINE_UNSUPPORTED : -errno;
}
