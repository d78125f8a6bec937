/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of --plugin=notify,KEY=VALUE... */
#ifndef KEYS_H
#define KEYS_H

#include "guest.h"

/* Their help, as "vsock-notify plugins" shows it. */
extern const char keys_help[];

/*
 * Sets a key. Returns 0, -ENOENT if there is no such key, -EINVAL for a value that it does not take, or -EPERM for a value that
 * is not allowed; then *why says why, as half a sentence.
 */
int keys_set(struct guest *guest, const char *key, const char *value, const char **why);

/* Room for any line of keys_conflict(). */
#define KEYS_CONFLICT_MAX 200

/*
 * To be called when all keys have been set. Returns true if one of them can have no effect beside the others; then line
 * says which one, why, and what to write.
 */
bool keys_conflict(const struct guest *guest, char line[KEYS_CONFLICT_MAX]);

#endif
