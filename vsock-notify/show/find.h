/* SPDX-License-Identifier: Apache-2.0 */
/* The state of the VM that an operand of the command line means (place.h has which there are). */
#ifndef FIND_H
#define FIND_H

#include "state/state.h"

struct found {
	struct state *state;
	char *path; /* of its file */
};

/* Returns 0, or a negative errno after an error line. */
int find_state(const char *operand, struct found *found);

/*
 * The path of the file, to be freed, while there may be none: returns 0, -ENOENT without an error line, or another negative
 * errno after one, such as -ENOTUNIQ where the operand means several.
 */
int find_path(const char *operand, char **path);

void found_free(struct found *found);

#endif
