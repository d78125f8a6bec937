/* SPDX-License-Identifier: Apache-2.0 */
/* The system calls that stay allowed, as the command line of the program that makes the filter (confine/filter_main.c). */
#ifndef CONFINE_CALLS_H
#define CONFINE_CALLS_H

#include "base/strv.h"
#include "confine.h"

struct call_words {
	struct strv words; /* the command line */
	int error;         /* 0, or -ENOMEM if a word could not be added */
};

/* Returns 0 or -ENOMEM. The caller frees the words in each case. */
int confine_calls_make(struct call_words *calls, const struct confinement *confinement);

#endif
