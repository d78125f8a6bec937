/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plugin that tries to get out: each message is a list of words, one a line, each an attempt, and
 * what came of it is logged, "WORD: errno's name or ok". It stands for a shim that a guest has taken over.
 *
 * Compiled with -DNEEDS -DNAME=needy it declares that it needs openat(2) and to read /etc/hostname.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "vsock-notify-plugin.h"

#ifndef NAME
#define NAME digger
#endif
#define TEXT(name)  #name
#define QUOTE(name) TEXT(name)

static const struct vsn_host *host;
static int old_socket = -1;   /* made before confinement */
static char victim[256];      /* a file that is not to be removed */
static int state_folder = -1; /* where the state is, once it was found */

static int try_open(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static int try_openat2(void)
{
	struct {
		uint64_t flags, mode, resolve;
	} how = {0};

	return (int)syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", &how, sizeof(how));
}

static int try_create(void)
{
	return open("/tmp/vsock-notify-digger", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static int try_unix(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int try_inet(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int try_netlink(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0);
}

static int try_connect(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX,
	                              .sun_path = "/run/dbus/system_bus_socket"};

	return connect(old_socket, (struct sockaddr *)&address, sizeof(address));
}

static int try_execute(void)
{
	char *const none[] = {NULL};

	return execve("/bin/true", none, none);
}

static int try_fork(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return pid;
}

static int try_kill(void)
{
	return kill(getppid(), 0);
}

static int try_tgkill(void)
{
	return (int)syscall(SYS_tgkill, getppid(), getppid(), 0);
}

static int try_ptrace(void)
{
	return (int)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static int try_execmem(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
	                       MAP_FAILED
	               ? -1
	               : 0;
}

static int try_mprotect(void)
{
	static char page[8192];

	return mprotect((void *)(((uintptr_t)page + 4095) & ~(uintptr_t)4095), 4096,
	                PROT_READ | PROT_EXEC);
}

static int try_unlink(void)
{
	return unlink(victim);
}

static int try_chmod(void)
{
	return chmod(victim, 0777);
}

static int try_rename(void)
{
	return rename(victim, "/tmp/vsock-notify-digger");
}

static int try_limits(void)
{
	struct rlimit much = {4096, 4096};

	return setrlimit(RLIMIT_NOFILE, &much);
}

static int try_setuid(void)
{
	return setuid(0);
}

static int try_bpf(void)
{
	return (int)syscall(SYS_bpf, 0, NULL, 0);
}

static int try_io_uring(void)
{
	return (int)syscall(SYS_io_uring_setup, 1, NULL);
}

static int try_needed(void)
{
	return open("/etc/hostname", O_RDONLY | O_CLOEXEC);
}

/*
 * The folder of the state, found by what is allowed there only: to make a file. All that follows is tried with its
 * descriptor, as a shim that was taken over has it.
 */
static int try_state_make(void)
{
	int fd = -1;

	for (int folder = 0; fd < 0 && folder < 64; folder++) {
		fd = openat(folder, "made", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd >= 0)
			state_folder = folder;
	}
	if (fd >= 0)
		close(fd);
	return fd;
}

static int try_state_replace(void)
{
	return renameat(state_folder, "made", state_folder, "vsock_1234.state");
}

/* Each way of opening what is there; EPERM only if all are that. */
static int try_state_open(void)
{
	static const int ways[] = {O_WRONLY,
	                           O_RDWR,
	                           O_RDONLY,
	                           O_WRONLY | O_TRUNC,
	                           O_WRONLY | O_CREAT,
	                           O_RDWR | O_CREAT | O_EXCL,
	                           O_WRONLY | O_CREAT | O_EXCL | O_TRUNC};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (openat(state_folder, "file", ways[i] | O_CLOEXEC, 0600) >= 0 || errno != EPERM)
			return errno == EPERM ? 0 : -1;
	return -1;
}

static int try_state_by_path(void)
{
	return open(victim, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

/* These two landlock denies: a filter does not see names. */
static int try_state_elsewhere(void)
{
	return openat(state_folder, "../other/new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

static int try_state_anywhere(void)
{
	return openat(state_folder, "/tmp/vsock-notify-digger",
	              O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

static int try_state_move_out(void)
{
	return renameat(state_folder, "vsock_1234.state", state_folder, "../other/state");
}

static int try_state_move_in(void)
{
	return renameat(state_folder, "../other/file", state_folder, "file");
}

static int try_state_rename(void)
{
	return renameat(state_folder, "vsock_1234.state", AT_FDCWD, "/tmp/vsock-notify-digger");
}

static int try_state_link(void)
{
	return linkat(state_folder, "file", state_folder, "link", 0);
}

static int try_state_symlink(void)
{
	return symlinkat("/etc/passwd", state_folder, "link");
}

static int try_state_mkdir(void)
{
	return mkdirat(state_folder, "folder", 0700);
}

static const struct {
	const char *word;
	int (*attempt)(void);
} attempts[] = {
	{"open", try_open},
	{"openat2", try_openat2},
	{"create", try_create},
	{"unix", try_unix},
	{"inet", try_inet},
	{"netlink", try_netlink},
	{"connect", try_connect},
	{"execute", try_execute},
	{"fork", try_fork},
	{"kill", try_kill},
	{"tgkill", try_tgkill},
	{"ptrace", try_ptrace},
	{"execmem", try_execmem},
	{"mprotect", try_mprotect},
	{"unlink", try_unlink},
	{"chmod", try_chmod},
	{"rename", try_rename},
	{"limits", try_limits},
	{"setuid", try_setuid},
	{"bpf", try_bpf},
	{"io-uring", try_io_uring},
	{"needed", try_needed},
	{"state-make", try_state_make},
	{"state-replace", try_state_replace},
	{"state-open", try_state_open},
	{"state-by-path", try_state_by_path},
	{"state-elsewhere", try_state_elsewhere},
	{"state-anywhere", try_state_anywhere},
	{"state-move-out", try_state_move_out},
	{"state-move-in", try_state_move_in},
	{"state-rename", try_state_rename},
	{"state-link", try_state_link},
	{"state-symlink", try_state_symlink},
	{"state-mkdir", try_state_mkdir},
};

static void dig(const char *word, size_t length)
{
	if (length == 5 && memcmp(word, "abort", 5) == 0)
		abort();
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		if (strlen(attempts[i].word) != length ||
		    memcmp(word, attempts[i].word, length) != 0)
			continue;
		errno = 0;
		host->log(host, VSN_LOG_WARNING, "%s: %s", attempts[i].word,
		          attempts[i].attempt() < 0 ? strerrorname_np(errno) : "ok");
	}
}

static int digger_open(const struct vsn_host *given, void **user)
{
	host = given;
	old_socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	*user = NULL;
	return 0;
}

static int digger_config(void *user, const char *key, const char *value)
{
	(void)user;
	if (strcmp(key, "victim") != 0 || strlen(value) >= sizeof(victim))
		return -ENOENT;
	strcpy(victim, value);
	return 0;
}

static int digger_message(void *user, const struct vsn_message *message)
{
	const char *end = message->text + message->length;

	(void)user;
	for (const char *word = message->text; word < end;) {
		const char *newline = memchr(word, '\n', (size_t)(end - word));
		const char *stop = newline ? newline : end;

		dig(word, (size_t)(stop - word));
		word = stop + 1;
	}
	return 0;
}

static void digger_close(void *user)
{
	(void)user;
	close(old_socket);
}

#ifdef NEEDS
static const char *const calls[] = {"openat", NULL};
static const char *const paths[] = {"/etc/hostname", NULL};
static const struct vsn_needs needs = {
	.struct_size = sizeof(needs),
	.system_calls = calls,
	.read_paths = paths,
};
#endif

static const struct vsn_plugin plugin = {
	.name = QUOTE(NAME),
	.version = "1",
	.description = "tries to get out",
	.open = digger_open,
	.config = digger_config,
	.message = digger_message,
	.close = digger_close,
#ifdef NEEDS
	.needs = &needs,
#endif
};

VSN_REGISTER_PLUGIN(plugin);
