/* SPDX-License-Identifier: Apache-2.0 */
/* Starts vsock-notify-libvirt (theory: program.h). */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/fd.h"
#include "base/macros.h"
#include "program.h"
#include "report.h"

#define WORDS_MAX 6

/* Variables that are only for vsock-notify itself: no other process must report in its name. */
static const char *const our_own[] = {
	"NOTIFY_SOCKET=", "LISTEN_", "WATCHDOG_", "FDSTORE=", "MAINPID=",
};

static bool is_our_own(const char *variable)
{
	for (size_t i = 0; i < ARRAY_SIZE(our_own); i++)
		if (strncmp(variable, our_own[i], strlen(our_own[i])) == 0)
			return true;
	return false;
}

static char **make_environment(void)
{
	size_t count = 0, used = 0;
	char **made;

	while (environ[count])
		count++;
	made = calloc(count + 1, sizeof(*made));
	for (size_t i = 0; made && i < count; i++)
		if (!is_our_own(environ[i]))
			made[used++] = environ[i];
	return made;
}

/* First duplicates every descriptor to a number above the final ones, so that no descriptor overwrites another. */
static int add_fds(posix_spawn_file_actions_t *actions, const struct program *program, int lifted[])
{
	const struct {
		int from, to;
	} fds[] = {
		{program->life_fd, RPC_FD_LIFE},
		{program->slot_fd, RPC_FD_SLOT},
		{program->moved_fd, RPC_FD_MOVED},
		{program->told_fd, RPC_FD_TOLD},
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(fds); i++) {
		lifted[i] = fcntl(fds[i].from, F_DUPFD_CLOEXEC, RPC_FD_END);
		r = lifted[i] < 0 ? errno
		                  : posix_spawn_file_actions_adddup2(actions, lifted[i], fds[i].to);
	}
	return r;
}

/* Waits until the program has forked and its parent has exited. */
static int await_fork(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		/* SIGCHLD was ignored when this process was started: then there is no exit status. */
		if (errno == ECHILD)
			return 0;
		if (errno != EINTR)
			return -errno;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -ECANCELED;
}

static int spawn(const char *path, const char *const *words, const struct program *program,
                 int lifted[])
{
	posix_spawn_file_actions_t actions;
	char **environment = make_environment();
	pid_t pid;
	int r;

	if (!environment)
		return -ENOMEM;
	r = posix_spawn_file_actions_init(&actions);
	if (r == 0) {
		r = add_fds(&actions, program, lifted);
		if (r == 0)
			r = posix_spawn(&pid, path, &actions, NULL, (char **)(uintptr_t)words,
			                environment);
		posix_spawn_file_actions_destroy(&actions);
	}
	free(environment);
	return r ? -r : await_fork(pid);
}

int program_start(const char *path, const struct program *program)
{
	const char *words[WORDS_MAX + 1] = {"vsock-notify-libvirt"};
	int lifted[] = {-1, -1, -1, -1};
	size_t count = 1;
	int r;

	if (program->uri) {
		words[count++] = "--uri";
		words[count++] = program->uri;
	}
	if (program->domain) {
		words[count++] = "--domain";
		words[count++] = program->domain;
	}
	if (program->trace)
		words[count++] = "--trace";
	r = spawn(path, words, program, lifted);
	for (size_t i = 0; i < ARRAY_SIZE(lifted); i++)
		close_fd(&lifted[i]);
	return r;
}
