/* SPDX-License-Identifier: Apache-2.0 */
/* Who writes a state file (see state_writer.h). */
#include "state_writer.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of starttime: the 22nd field, so the 20th after the name, which is in parentheses and may have any in it. */
#define START_FIELD 20

/* Without stdio, whose buffer a resident process would keep. */
bool state_writer_start(pid_t pid, uint64_t *ticks)
{
	char path[32], text[512];
	unsigned long long number;
	const char *at;
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length < 0)
		return false;
	text[length] = '\0';
	at = strrchr(text, ')');
	for (int field = 0; at && field < START_FIELD; field++)
		at = strchr(at + 1, ' ');
	if (!at || sscanf(at, " %llu", &number) != 1)
		return false;
	*ticks = number;
	return true;
}

uint64_t state_writer_namespace(void)
{
	struct stat status;

	return stat("/proc/self/ns/pid", &status) == 0 ? status.st_ino : 0;
}
