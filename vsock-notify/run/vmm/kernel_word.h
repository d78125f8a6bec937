/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of a kernel command line, as the guest's systemd reads them: proc_cmdline_parse() and extract_first_word() of
 * systemd 262 (src/basic/proc-cmdline.c, extract-word.c; the same since 254). Pure functions.
 *
 * White space separates words. Single and double quotes, around a word or a part of it, are removed; a quote that is not
 * closed reaches to the end. A backslash is an ordinary character. In a key '-' and '_' are the same.
 */
#ifndef KERNEL_WORD_H
#define KERNEL_WORD_H

#include <stdbool.h>
#include <stddef.h>

#define KERNEL_WORD_MAX 512

struct kernel_word {
	char text
		[KERNEL_WORD_MAX]; /* the beginning of the word, without its quotes; ends with a NUL */
	bool cut;                  /* the word is longer than text */
};

/* Reads the word at *cursor and moves *cursor behind it. Returns false at the end. */
bool kernel_word_next(const char **cursor, struct kernel_word *word);

/* The value of a word KEY=VALUE; NULL if it has another key or no '='. */
const char *kernel_word_value(const struct kernel_word *word, const char *key);

#endif
