/* SPDX-License-Identifier: Apache-2.0 */
/* A vector of strings that owns its strings. It always ends with a NULL, as execvp(3) needs it. */
#ifndef STRV_H
#define STRV_H

#include <stddef.h>

/* Zero-initialise; items is NULL until something has been appended. */
struct strv {
	char **items;
	size_t count;
};

/* Each copies text. Returns 0, or -ENOMEM with the vector unchanged. */
int strv_append(struct strv *strv, const char *text);
int strv_replace(struct strv *strv, size_t index, const char *text);

/* Appends all strings of an array that ends with a NULL. Returns 0 or -ENOMEM. */
int strv_extend(struct strv *strv, const char *const *items);

void strv_free(struct strv *strv);

#endif
