/* SPDX-License-Identifier: Apache-2.0 */
/* A guest's life as a file: one notification a line, in the form of the captures. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "stats.h"

#include <stddef.h>
#include <stdint.h>

struct script_line {
	int64_t at_usec; /* since the first one */
	enum kind kind;
	size_t length;
	char *bytes;
};

struct script {
	struct script_line *lines;
	size_t count;
};

/*
 * Reads lines of the form <seconds>TAB<bytes, escaped as \n, \t, \\ or \xHH>; empty lines and those
 * that begin with # are passed over. Returns 0, or a negative errno after an error line.
 */
int script_read(struct script *script, const char *path);

void script_free(struct script *script);

#endif
