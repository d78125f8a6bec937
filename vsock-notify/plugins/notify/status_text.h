/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest's STATUS= made fit to be shown: control characters (C0, DEL, C1), noncharacters and bytes
 * that are not UTF-8 become '?', so that nothing in it moves a cursor or is refused by the service
 * manager; so does a backslash at the end, which would escape the newline after it when the manager
 * splits the message (systemd's strv_split_newlines), and at the message's end spoil all of it. Pure.
 */
#ifndef STATUS_TEXT_H
#define STATUS_TEXT_H

#include <stddef.h>

/* Writes at most length bytes to out, which may be text itself. Returns how many. */
size_t status_text_clean(char *out, const char *text, size_t length);

#endif
