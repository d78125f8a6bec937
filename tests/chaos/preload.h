/* SPDX-License-Identifier: Apache-2.0 */
/* A number in a file, shared with who writes to that file: how a preloaded library is told what to do. */
#ifndef PRELOAD_H
#define PRELOAD_H

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PRELOAD_SWITCH "CHAOS_SWITCH"

/* What the number is looked up in from now on; "0" where there is no such file. */
static inline const char *preload_switch(void)
{
	const char *path = getenv(PRELOAD_SWITCH);
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *memory = fd < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);

	if (fd >= 0)
		close(fd);
	return memory == MAP_FAILED ? "0" : memory;
}

static inline long preload_number(const char *text)
{
	const volatile char *digit = text;
	long number = 0;

	for (int i = 0; i < 9 && digit[i] >= '0' && digit[i] <= '9'; i++)
		number = 10 * number + (digit[i] - '0');
	return number;
}

#endif
