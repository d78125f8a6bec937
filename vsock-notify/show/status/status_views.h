/* SPDX-License-Identifier: Apache-2.0 */
/* The views of states: one VM in full, a table of all, and JSON. */
#ifndef STATUS_VIEWS_H
#define STATUS_VIEWS_H

#include <stdbool.h>

#include "show/entries.h"
#include "show/screen.h"

/*
 * Prints all that is known of one VM, for people. ages: also how long ago the state began. Not for a view that is drawn again only
 * at the next change.
 */
void status_full(const struct screen *screen, const struct entry *entry, bool ages);

/* Prints a table of all VMs that is not wider than the screen. */
void status_table(const struct screen *screen, const struct entries *entries);

/*
 * JSON: an array with one object for each VM. Every object has all the keys that vsock-notify(1) documents; unknown values
 * are null. Text is escaped as in the state file: a backslash, and whatever is not printable UTF-8, is \xNN. pretty: with
 * line breaks. The caller frees the text. NULL: no memory.
 */
char *status_json(const struct entries *entries, bool pretty);

#endif
