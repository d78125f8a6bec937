/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a function failed, as the one line that the user is shown.
 *
 * A function that can fail while the program is set up returns a negative errno and says why in a struct failure of its
 * caller's; it does not log. main()'s command logs the line, once. Where a function only returns an errno, as for a lack of
 * memory, the line stays empty and the errno's own text is shown.
 */
#ifndef FAILURE_H
#define FAILURE_H

#define FAILURE_MAX 1024

/* Zero-initialise. */
struct failure {
	char line[FAILURE_MAX];
};

/* Says why, printf-like; failure may be NULL. Returns error, a negative errno, for "return failure_set(...)". */
int failure_set(struct failure *failure, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The line, or the text of error where there is none. */
const char *failure_line(const struct failure *failure, int error);

#endif
