/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reason why a function failed, as the one line that the user sees.
 *
 * While the program is set up, a function that fails returns a negative errno and writes the reason into its caller's struct
 * failure; it does not log. The command logs the line once. A function may also leave the line empty, as it does if there is
 * no memory; then the user sees the text of the errno.
 */
#ifndef FAILURE_H
#define FAILURE_H

/* Bytes; as many as the log has for a line. */
#define FAILURE_MAX 2048

/* Zero-initialise. */
struct failure {
	char line[FAILURE_MAX];
};

/* Sets the line, printf-like; failure may be NULL. Returns error, a negative errno, for "return failure_set(...)". */
int failure_set(struct failure *failure, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Returns the line, or the text of error if there is no line. */
const char *failure_line(const struct failure *failure, int error);

#endif
