/* SPDX-License-Identifier: Apache-2.0 */
/*
 * States as JSON: an array, of an object a VM, with the keys that vsock-notify(1) documents, all of them always there: what is not
 * known is null. Texts are as in the state file, with what is not printable UTF-8, and the backslash, as \xNN.
 */
#ifndef STATUS_JSON_H
#define STATUS_JSON_H

#include <stdbool.h>

#include "show/entries.h"

/* To be freed; NULL: there is no memory. pretty: on many lines. */
char *status_json(const struct entries *entries, bool pretty);

#endif
