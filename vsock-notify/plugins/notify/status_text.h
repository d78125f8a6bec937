/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a guest's STATUS= fit to be shown. Control characters (C0, DEL, C1), noncharacters and bytes that are not UTF-8 become
 * '?', so that nothing in it moves a cursor and the service manager does not refuse it. A backslash at the end becomes '?', too:
 * when the manager splits the message (systemd's strv_split_newlines), it would escape the newline after it, or spoil the whole
 * message. Pure.
 */
#ifndef STATUS_TEXT_H
#define STATUS_TEXT_H

#include <stddef.h>

#define STATUS_PREFIX_MAX 128

/* What each STATUS= begins with, and how long it may be. Zero: unchanged. */
struct status_style {
	char prefix[STATUS_PREFIX_MAX +
	            1]; /* status-prefix=: printable, what status_text_clean() keeps */
	size_t max;     /* bytes of the text, the prefix counts; 0: what fits a message */
};

/* The length of the longest beginning of clean text that is at most max bytes long, no character cut. */
size_t status_text_cut(const char *text, size_t length, size_t max);

/* Writes at most length bytes to out, which may be text itself. Returns how many. */
size_t status_text_clean(char *out, const char *text, size_t length);

#endif
