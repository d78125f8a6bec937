/* SPDX-License-Identifier: Apache-2.0 */
/* Starts vsock-notify-libvirt (theory: program.h). */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"
#include "report.h"

#define WORDS_MAX 5

/* Variables that are only for vsock-notify itself: no other process must report in its name. */
static const char *const our_own[] = {
	"NOTIFY_SOCKET=", "LISTEN_", "WATCHDOG_", "FDSTORE=", "MAINPID=",
};

static bool is_our_own(const char *variable)
{
	for (size_t i = 0; i < sizeof(our_own) / sizeof(our_own[0]); i++)
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

	for (size_t i = 0; r == 0 && i < sizeof(fds) / sizeof(fds[0]); i++) {
		lifted[i] = fcntl(fds[i].from, F_DUPFD_CLOEXEC, RPC_FD_END);
		r = lifted[i] < 0 ? errno
		                  : posix_spawn_file_actions_adddup2(actions, lifted[i], fds[i].to);
	}
	return r;
}

static int add_signals(posix_spawnattr_t *attributes)
{
	sigset_t none, all;
	int r;

	sigemptyset(&none);
	sigfillset(&all);
	r = posix_spawnattr_setsigmask(attributes, &none);
	if (r == 0)
		r = posix_spawnattr_setsigdefault(attributes, &all);
	if (r == 0)
		r = posix_spawnattr_setflags(attributes,
		                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
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

static int start(const char *path, char **words, const struct program *program, int lifted[])
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char **environment = make_environment();
	pid_t pid;
	int r;

	if (!environment)
		return -ENOMEM;
	r = posix_spawn_file_actions_init(&actions);
	if (r == 0) {
		r = posix_spawnattr_init(&attributes);
		if (r == 0) {
			r = add_fds(&actions, program, lifted);
			if (r == 0)
				r = add_signals(&attributes);
			if (r == 0)
				r = posix_spawn(&pid, path, &actions, &attributes, words,
				                environment);
			posix_spawnattr_destroy(&attributes);
		}
		posix_spawn_file_actions_destroy(&actions);
	}
	free(environment);
	return r ? -r : await_fork(pid);
}

/* Adds "--option=value" if there is a value. Returns false if there is no memory. */
static bool add_word(char **words, const char *option, const char *value)
{
	size_t count = 0;

	if (!value)
		return true;
	while (words[count])
		count++;
	if (asprintf(&words[count], "%s%s", option, value) >= 0)
		return true;
	words[count] = NULL;
	return false;
}

int program_start(const char *path, const struct program *program)
{
	char *words[WORDS_MAX] = {NULL};
	int lifted[] = {-1, -1, -1, -1};
	int r = -ENOMEM;

	if (add_word(words, "vsock-notify-libvirt", "") &&
	    add_word(words, "--uri=", program->uri) &&
	    add_word(words, "--domain=", program->domain) &&
	    add_word(words, "--trace", program->trace ? "" : NULL))
		r = start(path, words, program, lifted);
	for (size_t i = 0; i < sizeof(lifted) / sizeof(lifted[0]); i++)
		if (lifted[i] >= 0)
			close(lifted[i]);
	for (size_t i = 0; words[i]; i++)
		free(words[i]);
	return r;
}
