/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report in memory that two processes share. One process writes, the other reads, and neither waits for the other. The
 * reader gets the newest report.
 *
 * There are two places. Report n is written to place n mod 2, while the other place keeps report n - 1. Then "published" is
 * set to n. If the writer is killed in between, the last report stays whole. After copying, the reader looks at "published"
 * again; if the place may have been reused, it tries again. The words are relaxed atomics, ordered by fences, so there is no
 * data race as C defines it.
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

/* Makes a slot in a memfd that no other process can map for writing. Returns it and its descriptor; NULL with errno set. */
struct slot *slot_make(int *fd);

/* Maps the slot of a descriptor for reading. NULL with errno set on errors. */
const struct slot *slot_map(int fd);

/* For the writer, of which there is one. It keeps number, of the last report that it wrote, which is 0 at first. */
void slot_write(struct slot *slot, uint32_t *number, const struct report *report);

/* Copies the newest report. Returns false if there is none, or if the writer overtook every try. */
bool slot_read(const struct slot *slot, struct report *report);

#endif
