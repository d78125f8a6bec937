/* SPDX-License-Identifier: Apache-2.0 */
/*
 * States as JSON: an array with one object for each VM. Every object has all the keys that vsock-notify(1) documents; unknown
 * values are null. Text is escaped as in the state file: a backslash, and whatever is not printable UTF-8, is \xNN.
 */
#ifndef STATUS_JSON_H
#define STATUS_JSON_H

#include <stdbool.h>

#include "show/entries.h"

/* pretty: with line breaks. The caller frees the text. NULL: no memory. */
char *status_json(const struct entries *entries, bool pretty);

#endif
