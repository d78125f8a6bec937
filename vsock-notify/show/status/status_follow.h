/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A view that is drawn anew when something changes, by inotify(7) and the writers' pidfds, for one VM or all: on a terminal in
 * place of the last, else a line, or with JSON an array, for each change. It ends by a signal, or when nobody reads.
 */
#ifndef STATUS_FOLLOW_H
#define STATUS_FOLLOW_H

#include <stdbool.h>

#include "show/screen.h"

/* operand: NULL: all. Returns the exit status. */
int status_follow(struct screen *screen, const char *operand, bool json);

#endif
