/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch: looks at a process's private dirty memory and open descriptors, a hundred times a second and
 * whenever it is asked to end, and prints the most that it saw.
 *
 *	watch PID     prints "watching"; at SIGTERM "peak=KIB fds=N", 0 where they cannot be seen
 */
#include <dirent.h>
#include <err.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define EVERY_MSEC 10

static long dirty_kib(const char *pid)
{
	char path[64], line[128];
	long kib = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/smaps_rollup", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file) && sscanf(line, "Private_Dirty: %ld kB", &kib) != 1)
		;
	fclose(file);
	return kib;
}

static long descriptors(const char *pid)
{
	char path[64];
	long count = 0;
	DIR *directory;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	directory = opendir(path);
	if (!directory)
		return 0;
	for (struct dirent *entry; (entry = readdir(directory));)
		count += entry->d_name[0] != '.';
	closedir(directory);
	return count;
}

static void look(const char *pid, long *peak, long *fds)
{
	long kib = dirty_kib(pid), count = descriptors(pid);

	if (kib > *peak)
		*peak = kib;
	if (count > *fds)
		*fds = count;
}

int main(int argc, char **argv)
{
	struct pollfd ending = {.events = POLLIN};
	long peak = 0, fds = 0;
	sigset_t set;

	if (argc != 2)
		errx(2, "watch: say PID");
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ending.fd = signalfd(-1, &set, SFD_CLOEXEC);
	puts("watching");
	fflush(stdout);
	do {
		look(argv[1], &peak, &fds);
	} while (poll(&ending, 1, EVERY_MSEC) == 0);
	look(argv[1], &peak, &fds);
	printf("peak=%ld fds=%ld\n", peak, fds);
	return 0;
}
