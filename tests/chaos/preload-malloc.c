/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For LD_PRELOAD: every n-th allocation fails. n is the decimal number at the start of the file that
 * $CHAOS_SWITCH names, which may change at any time; 0: none fails. The file is mapped before the
 * program begins, so it needs no system call later. strdup(3) and asprintf(3) allocate through malloc.
 */
#include <errno.h>
#include <stdlib.h>

#include "preload.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static const char *every = "0";
static unsigned long allocations;

__attribute__((constructor)) static void begin(void)
{
	every = preload_switch();
}

static int fails(void)
{
	long n = preload_number(every);

	if (n <= 0 || ++allocations % (unsigned long)n != 0)
		return 0;
	errno = ENOMEM;
	return 1;
}

__attribute__((visibility("default"))) void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

__attribute__((visibility("default"))) void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

__attribute__((visibility("default"))) void *realloc(void *memory, size_t size)
{
	return fails() ? NULL : __libc_realloc(memory, size);
}
