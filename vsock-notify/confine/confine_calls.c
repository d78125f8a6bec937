/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system calls that are allowed after confinement. confine/filter_main.c defines how they are written: a name, and
 * conditions for its arguments; a '?' before the name if a system may not know the call.
 *
 * The list has the calls of the loop, and those that a C library, also a newer one, may make in their place or for malloc(3),
 * abort(3) and exit(3). tests/confine runs with a filter that kills, to test that the list is complete. Memory is never
 * executable. Only what is named here can be opened, made, executed, traced or connected.
 */
#include "confine_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <linux/sockios.h>

#include "base/memory.h"
#include "base/pidfd.h"

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
	/* cleaning up; landlock restricts the files */
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
	NULL,
};

VSN_PRINTF(2, 3) static void add(struct call_words *calls, const char *format, ...)
{
	CLEANUP_FREE char *word = NULL;
	va_list arguments;
	int length;

	if (calls->error < 0)
		return;
	va_start(arguments, format);
	length = vasprintf(&word, format, arguments);
	va_end(arguments);
	if (length < 0)
		word = NULL;
	calls->error = word ? strv_append(&calls->words, word) : -ENOMEM;
}

/* Calls with conditions for their arguments. */
static void add_restricted(struct call_words *calls, const struct confinement *confinement)
{
	add(calls, "?mmap:2&%d=0", PROT_EXEC);
	add(calls, "?mmap2:2&%d=0", PROT_EXEC);
	/* For the acceptor's spare descriptor. */
	add(calls, "?fcntl:1=%d", F_DUPFD_CLOEXEC);
	add(calls, "?fcntl64:1=%d", F_DUPFD_CLOEXEC);
	/* For raise(3), which abort(3) calls: this process only. */
	add(calls, "?tgkill:0=%d", confinement->self);
}

/* Connections that are made later: of sockets that exist, or, for vsock, of new ones. */
static void add_connects(struct call_words *calls, const struct confinement *confinement)
{
	if (confinement->vsock) {
		add(calls, "?socket:0=%d", AF_VSOCK);
		add(calls, "?connect");
		return;
	}
	for (unsigned i = 0; i < CONFINE_CONNECTS_MAX; i++)
		if (confinement->connects[i] >= 0)
			add(calls, "?connect:0=%d", confinement->connects[i]);
}

/* For signalling the VMM, waiting for it, and finding out whether it lives or a process descends from it. */
static void add_vmm(struct call_words *calls, const struct confinement *confinement)
{
	if (confinement->vmm) {
		if (confinement->vmm_forks)
			add(calls, "?kill");
		else
			add(calls, "?kill:0=%d", confinement->vmm);
		add(calls, "?wait4");
		add(calls, "?waitid");
		add(calls, "?waitpid");
		add(calls, "?ioctl:1=%u", PIDFD_GET_INFO_REQUEST);
	}
	add(calls, "?pidfd_open");
	if (confinement->proc_fd >= 0)
		add(calls, "?openat:0=%d,2&%d=0", confinement->proc_fd,
		    O_ACCMODE | O_CREAT | O_TRUNC);
}

/* For the state file: a new file is made and renamed over the last one. No existing file is opened. */
static void add_state(struct call_words *calls, const struct confinement *confinement)
{
	int folder = confinement->state_folder;

	if (folder < 0)
		return;
	add(calls, "?openat:0=%d,2&%d=%d", folder, O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC,
	    O_WRONLY | O_CREAT | O_EXCL);
	add(calls, "?renameat:0=%d,2=%d", folder, folder);
	add(calls, "?renameat2:0=%d,2=%d", folder, folder);
	/* Which process connects for the guest (state/state_process.h). */
	add(calls, "?pidfd_open");
	add(calls, "?fchmod");
	add(calls, "?fchown");
	add(calls, "?fchown32");
}

/* For waiting at exit until the journal has read everything (base/journal.c). */
static void add_journal(struct call_words *calls, const struct confinement *confinement)
{
	if (confinement->journal_fd >= 0)
		add(calls, "?ioctl:0=%d,1=%u", confinement->journal_fd, SIOCOUTQ);
}

static void add_all(struct call_words *calls, const char *const *names)
{
	for (; names && *names; names++)
		add(calls, "%s", *names);
}

int confine_calls_make(struct call_words *calls, const struct confinement *confinement)
{
	*calls = (struct call_words){0};
	add(calls, "vsock-notify-filter");
	add_all(calls, always);
	add_restricted(calls, confinement);
	add_connects(calls, confinement);
	add_vmm(calls, confinement);
	add_state(calls, confinement);
	add_journal(calls, confinement);
	for (unsigned i = 0; i < confinement->need_count; i++)
		add_all(calls, confinement->needs[i]->system_calls);
	return calls->error;
}
