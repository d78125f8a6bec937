/* SPDX-License-Identifier: Apache-2.0 */
/* States as lines: a table, or each on its own when it changes. */
#ifndef STATUS_TABLE_H
#define STATUS_TABLE_H

#include "show/entries.h"
#include "show/screen.h"

/* A table of all, no wider than the screen. */
void status_table(const struct screen *screen, const struct entries *entries);

/* One line, for a log: "2026-11-22T20:05:58.123456Z web ready: Ready." Without a newline; to be freed; NULL: no memory. */
char *status_line(const struct screen *screen, const struct state *state, enum writer writer);

#endif
