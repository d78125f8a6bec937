/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the launch wrapper costs: from its exec to that of the program it starts, beside a direct exec.
 *
 *     start COUNT NAME COMMAND... [and NAME COMMAND...]
 *
 * Each COMMAND ends up executing "start --mark", which says on the descriptor in $START_FD when it came
 * to be and how much private memory its parent then had. Commands take turns. Prints a row a command:
 * NAME, COUNT, median and 99th percentile in microseconds, the parent's private dirty KiB.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX 4

struct mark {
	int64_t nsec;
	int64_t parent_kib;
};

struct command {
	const char *name;
	char **arguments;
	int64_t *usec;
	int64_t parent_kib;
};

static int64_t now_nsec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t private_dirty_kib(pid_t pid)
{
	char path[64], line[256];
	long kib = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Private_Dirty: %ld", &kib) == 1)
			break;
	if (file)
		fclose(file);
	return kib;
}

static int mark(void)
{
	const char *fd = getenv("START_FD");
	struct mark mark = {.nsec = now_nsec()};

	mark.parent_kib = private_dirty_kib(getppid());
	return fd && write(atoi(fd), &mark, sizeof(mark)) == sizeof(mark) ? 0 : 1;
}

/* Starts command once. Returns the microseconds until its mark. */
static int64_t start_once(struct command *command)
{
	struct mark mark;
	char fd[16];
	int ends[2];
	int64_t before;
	pid_t pid;

	if (pipe(ends) < 0)
		exit(1);
	snprintf(fd, sizeof(fd), "%d", ends[1]);
	setenv("START_FD", fd, 1);
	before = now_nsec();
	pid = fork();
	if (pid == 0) {
		execvp(command->arguments[0], command->arguments);
		_exit(127);
	}
	close(ends[1]);
	if (read(ends[0], &mark, sizeof(mark)) != sizeof(mark)) {
		fprintf(stderr, "start: %s never came to its mark\n", command->name);
		exit(1);
	}
	close(ends[0]);
	waitpid(pid, NULL, 0);
	command->parent_kib = mark.parent_kib;
	return (mark.nsec - before) / 1000;
}

static int compare(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

/* Splits "NAME COMMAND... [and NAME COMMAND...]". */
static int split(char **words, struct command *commands, int count)
{
	int n = 0;

	while (*words && n < COMMANDS_MAX) {
		commands[n] = (struct command){
			.name = words[0],
			.arguments = words + 1,
			.usec = calloc((size_t)count, sizeof(int64_t)),
		};
		n++;
		while (*words && strcmp(*words, "and") != 0)
			words++;
		if (*words)
			*words++ = NULL;
	}
	return n;
}

int main(int argc, char **argv)
{
	struct command commands[COMMANDS_MAX];
	int count, n;

	if (argc == 2 && strcmp(argv[1], "--mark") == 0)
		return mark();
	if (argc < 4) {
		fputs("start: usage: start COUNT NAME COMMAND... [and NAME COMMAND...]\n", stderr);
		return 2;
	}
	count = atoi(argv[1]);
	n = split(argv + 2, commands, count);
	for (int round = 0; round < count; round++)
		for (int i = 0; i < n; i++)
			commands[i].usec[round] = start_once(&commands[i]);
	for (int i = 0; i < n; i++) {
		qsort(commands[i].usec, (size_t)count, sizeof(int64_t), compare);
		printf("%s\t%d\t%lld\t%lld\t%lld\n", commands[i].name, count,
		       (long long)commands[i].usec[count / 2],
		       (long long)commands[i].usec[count * 99 / 100],
		       (long long)commands[i].parent_kib);
	}
	return 0;
}
