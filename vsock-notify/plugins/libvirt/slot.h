/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report in memory that two processes share: one writes, one reads, neither ever waits for the other, and the
 * newest report wins.
 *
 * There are two places. Report number n lies in place n mod 2 while n + 1 is written to the other, and becomes the
 * newest when "published" says n. A writer that is killed in the middle leaves the last report whole. A reader
 * whose place was reused meanwhile sees that published is another, and tries again. Words are atomic and
 * relaxed, ordered by fences: there is no data race in C's sense either.
 */
#ifndef LIBVIRT_SLOT_H
#define LIBVIRT_SLOT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "report.h"

#define SLOT_WORDS (sizeof(struct report) / sizeof(uint32_t))

struct slot {
	_Atomic uint32_t published; /* number of the newest report; 0: there is none */
	_Atomic uint32_t words[2][SLOT_WORDS];
};

/* Makes a slot in a memfd that nobody maps for writing any more. Returns it with its descriptor, or NULL with errno set. */
struct slot *slot_make(int *fd);

/* The slot behind a descriptor, for reading. NULL with errno set. */
const struct slot *slot_map(int fd);

void slot_unmap(const struct slot *slot);

/* For the one writer. number: of the last report written, kept by the writer, from 0. */
void slot_write(struct slot *slot, uint32_t *number, const struct report *report);

/* Copies the newest report. Returns false where there is none, or where it was overtaken again and again. */
bool slot_read(const struct slot *slot, struct report *report);

#endif
