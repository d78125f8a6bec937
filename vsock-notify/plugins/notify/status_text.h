/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest's STATUS= made fit to be shown: control characters (C0, DEL, C1) and bytes that are not
 * UTF-8 become '?', so that nothing in it moves a cursor or is refused by the service manager. Pure.
 */
#ifndef STATUS_TEXT_H
#define STATUS_TEXT_H

#include <stddef.h>

/* Writes at most length bytes to out, which may be text itself. Returns how many. */
size_t status_text_clean(char *out, const char *text, size_t length);

#endif
