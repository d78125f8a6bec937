/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "status --follow": shows one VM, or all, again after each change, without polling. On a terminal the view is drawn over the
 * last one; otherwise each change is a line, or with JSON an array in one line. It ends with a signal, or when nobody
 * reads the output any more.
 */
#ifndef STATUS_FOLLOW_H
#define STATUS_FOLLOW_H

#include <stdbool.h>

#include "base/failure.h"
#include "show/screen.h"

/* operand: of one VM; NULL: all. Returns 0, or a negative errno. */
int status_follow(struct screen *screen, const char *operand, bool json, struct failure *failure);

#endif
