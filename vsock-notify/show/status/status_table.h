/* SPDX-License-Identifier: Apache-2.0 */
/* States in one line each: as a table, or as log lines that are printed when a state changes. */
#ifndef STATUS_TABLE_H
#define STATUS_TABLE_H

#include "show/entries.h"
#include "show/screen.h"

/* Prints a table of all VMs that is not wider than the screen. */
void status_table(const struct screen *screen, const struct entries *entries);

/* A log line without a newline: "2026-11-22T20:05:58.123456Z web ready: Ready." The caller frees it. NULL: no memory. */
char *status_line(const struct screen *screen, const struct state *state, enum writer writer);

#endif
