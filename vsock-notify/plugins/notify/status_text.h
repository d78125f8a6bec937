/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest's STATUS= made fit to be shown: control characters (C0, DEL, C1), noncharacters and bytes
 * that are not UTF-8 become '?', so that nothing in it moves a cursor or is refused by the service
 * manager; so does a backslash at the end, which would escape the newline after it when the manager
 * splits the message (systemd's strv_split_newlines), and at the message's end spoil all of it. It may
 * be told to begin with words of the host's own and to be short. Pure.
 */
#ifndef STATUS_TEXT_H
#define STATUS_TEXT_H

#include <stddef.h>

#define STATUS_PREFIX_MAX 128

/* How each STATUS= is to look. Zero: as it is. */
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
