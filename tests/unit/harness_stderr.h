/* SPDX-License-Identifier: Apache-2.0 */
/* Standard error as a pipe that the test reads. */
#ifndef HARNESS_STDERR_H
#define HARNESS_STDERR_H

#include "harness.h"

static int stderr_reader = -1;

/* To be closed with harness_stderr_close(). */
static inline void harness_stderr(void)
{
	int ends[2];

	ck_assert_int_eq(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
	ck_assert_int_eq(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	close(ends[1]);
	stderr_reader = ends[0];
}

static inline void harness_stderr_close(void)
{
	close(stderr_reader);
}

/* What has been written since the last call, in a buffer that the next call overwrites. */
static inline const char *written(void)
{
	static char text[262144];
	ssize_t n = read(stderr_reader, text, sizeof(text) - 1);

	text[n < 0 ? 0 : n] = '\0';
	return text;
}

#endif
