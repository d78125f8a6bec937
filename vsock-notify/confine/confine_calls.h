/* SPDX-License-Identifier: Apache-2.0 */
/* Which system calls stay, as the command line of the program that makes a filter of them (confine/filter_main.c). */
#ifndef CONFINE_CALLS_H
#define CONFINE_CALLS_H

#include "confine.h"

/* A NULL-ended vector of words that stays the caller's. */
struct call_words {
	char **words;
	size_t count;
	int error; /* 0, or -ENOMEM from then on */
};

/* Returns 0, or -ENOMEM. To be freed either way. */
int confine_calls_make(struct call_words *calls, const struct confinement *confinement);
void confine_calls_free(struct call_words *calls);

#endif
