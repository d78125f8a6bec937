/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system calls that stay after confinement. The words are filter/filter.c's: a name, and conditions of
 * its arguments; '?' before it where a system may not know it.
 *
 * The list is what the loop calls (tests/confine checks by strace(1) that it fits), and what a C library
 * may call in its place or on the way of malloc(3), abort(3) and exit(3), newer ones included. Memory is
 * never executable. Nothing is opened, made, executed, traced or connected but what is named here.
 */
#include "confine_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "util.h"

static const char *const always[] = {
	/* the loop, timers, signals */
	"?epoll_wait",
	"?epoll_pwait",
	"?epoll_pwait2",
	"?epoll_ctl",
	"?epoll_ctl_old",
	"?timerfd_settime",
	"?timerfd_settime64",
	"?clock_gettime",
	"?clock_gettime64",
	"?restart_syscall",
	"?rt_sigreturn",
	"?sigreturn",
	/* connections, datagrams, barriers */
	"?accept",
	"?accept4",
	"?read",
	"?readv",
	"?recv",
	"?recvfrom",
	"?recvmsg",
	"?write",
	"?writev",
	"?send",
	"?sendto",
	"?sendmsg",
	"?shutdown",
	"?getsockopt",
	"?getpeername",
	"?poll",
	"?ppoll",
	"?ppoll_time64",
	"?pipe2",
	"?close",
	/* cleaning up: which files, landlock says */
	"?lstat",
	"?lstat64",
	"?fstat",
	"?fstat64",
	"?newfstatat",
	"?fstatat64",
	"?statx",
	"?unlink",
	"?unlinkat",
	"?rmdir",
	"?lseek",
	"?_llseek",
	/* the C library: malloc(3), stdio, abort(3), exit(3) */
	"?brk",
	"?munmap",
	"?mremap",
	"?madvise",
	"?futex",
	"?futex_time64",
	"?getrandom",
	"?getpid",
	"?gettid",
	"?getuid",
	"?geteuid",
	"?rt_sigprocmask",
	"?rt_sigaction",
	"?exit",
	"?exit_group",
};

static int add(struct call_words *calls, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int add(struct call_words *calls, const char *format, ...)
{
	char **words = realloc(calls->words, (calls->count + 2) * sizeof(*words));
	va_list arguments;
	int length;

	if (!words)
		return -ENOMEM;
	calls->words = words;
	words[calls->count + 1] = NULL;
	va_start(arguments, format);
	length = vasprintf(&words[calls->count], format, arguments);
	va_end(arguments);
	if (length < 0) {
		words[calls->count] = NULL;
		return -ENOMEM;
	}
	calls->count++;
	return 0;
}

/* Calls whose arguments are restricted. */
static int add_restricted(struct call_words *calls, const struct confinement *confinement)
{
	int r = add(calls, "?mmap:2&%d=0", PROT_EXEC);

	if (r == 0)
		r = add(calls, "?mmap2:2&%d=0", PROT_EXEC);
	/* The spare descriptor; whether a pipe's end is open for writing. */
	if (r == 0)
		r = add(calls, "?fcntl:1=%d", F_DUPFD_CLOEXEC);
	if (r == 0)
		r = add(calls, "?fcntl64:1=%d", F_DUPFD_CLOEXEC);
	/* raise(3), of abort(3): itself only. */
	if (r == 0)
		r = add(calls, "?tgkill:0=%d", confinement->self);
	return r;
}

/* Connections that are made later: on sockets that are there, or, of vsock, on new ones. */
static int add_connects(struct call_words *calls, const struct confinement *confinement)
{
	int r = 0;

	if (confinement->vsock) {
		r = add(calls, "?socket:0=%d", AF_VSOCK);
		return r < 0 ? r : add(calls, "?connect");
	}
	for (unsigned i = 0; r == 0 && i < CONFINE_CONNECTS_MAX; i++)
		if (confinement->connects[i] >= 0)
			r = add(calls, "?connect:0=%d", confinement->connects[i]);
	return r;
}

/* The VMM is signalled and waited for; whether a process descends from it is looked up. */
static int add_vmm(struct call_words *calls, const struct confinement *confinement)
{
	int r = 0;

	if (confinement->vmm) {
		r = add(calls, "?kill:0=%d", confinement->vmm);
		if (r == 0)
			r = add(calls, "?wait4");
		if (r == 0)
			r = add(calls, "?waitid");
		if (r == 0)
			r = add(calls, "?waitpid");
	}
	if (r == 0 && confinement->vmm)
		r = add(calls, "?pidfd_open");
	if (r == 0 && confinement->vmm)
		r = add(calls, "?ioctl:1=%u", PEER_PIDFD_GET_INFO);
	if (r == 0 && confinement->proc_fd >= 0)
		r = add(calls, "?openat:0=%d,2&%d=0", confinement->proc_fd,
		        O_ACCMODE | O_CREAT | O_TRUNC);
	return r;
}

static int add_plugins(struct call_words *calls, const struct plugin_list *plugins)
{
	int r = 0;

	for (const struct plugin *one = plugins->first; one; one = one->next) {
		const char *const *names = one->calls.needs ? one->calls.needs->system_calls : NULL;

		for (; r == 0 && names && *names; names++)
			r = add(calls, "%s", *names);
	}
	return r;
}

int confine_calls_make(struct call_words *calls, const struct confinement *confinement)
{
	int r;

	*calls = (struct call_words){0};
	r = add(calls, "vsock-notify-filter");
	for (unsigned i = 0; r == 0 && i < ARRAY_SIZE(always); i++)
		r = add(calls, "%s", always[i]);
	if (r == 0)
		r = add_restricted(calls, confinement);
	if (r == 0)
		r = add_connects(calls, confinement);
	if (r == 0)
		r = add_vmm(calls, confinement);
	return r < 0 ? r : add_plugins(calls, confinement->plugins);
}

void confine_calls_free(struct call_words *calls)
{
	for (size_t i = 0; i < calls->count; i++)
		free(calls->words[i]);
	free(calls->words);
	*calls = (struct call_words){0};
}
