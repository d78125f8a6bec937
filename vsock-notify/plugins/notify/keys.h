/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of --plugin=notify,KEY=VALUE... */
#ifndef KEYS_H
#define KEYS_H

#include "guest.h"

/* What "vsock-notify plugins" shows of them. */
extern const char keys_help[];

/*
 * Sets a key. Returns 0, -ENOENT for a key there is not, -EINVAL for a value that it does not take, or
 * -EPERM for one that it never takes, with half a sentence about it in *why.
 */
int keys_set(struct guest *guest, const char *key, const char *value, const char **why);

#endif
