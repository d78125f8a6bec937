/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel command line, split into words. */
#ifndef GUEST_CMDLINE_H
#define GUEST_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

/* copies and splits the line; false if it is longer than the guest can hold */
bool cmdline_start(const char *line);

/* the words in order, NULL after the last */
const char *cmdline_word(size_t index);

#endif
