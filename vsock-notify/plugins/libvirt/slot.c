/* SPDX-License-Identifier: Apache-2.0 */
/* One report in shared memory (theory: slot.h). */
#include "slot.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A try fails only if the writer has written a report meanwhile. */
#define TRIES 100

static_assert(ATOMIC_INT_LOCK_FREE == 2, "a lock would be in one process only");
static_assert(sizeof(struct report) % sizeof(uint32_t) == 0, "a report is whole words");
static_assert(sizeof(struct report) == offsetof(struct report, status) + REPORT_STATUS_MAX,
              "a report has no padding");

/* Linux 5.1; not in the oldest headers. */
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

struct slot *slot_make(int *fd)
{
	struct slot *slot = MAP_FAILED;

	*fd = memfd_create("vsock-notify-libvirt", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (*fd < 0)
		return NULL;
	if (ftruncate(*fd, sizeof(*slot)) == 0)
		slot = mmap(NULL, sizeof(*slot), PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	/* The reader cannot write to it, nor shorten it. */
	if (slot != MAP_FAILED &&
	    fcntl(*fd, F_ADD_SEALS,
	          F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) == 0)
		return slot;
	if (slot != MAP_FAILED)
		munmap(slot, sizeof(*slot));
	close(*fd);
	*fd = -1;
	return NULL;
}

const struct slot *slot_map(int fd)
{
	struct slot *slot;
	struct stat status;

	if (fstat(fd, &status) < 0)
		return NULL;
	if (status.st_size != sizeof(*slot)) {
		errno = EINVAL;
		return NULL;
	}
	slot = mmap(NULL, sizeof(*slot), PROT_READ, MAP_SHARED, fd, 0);
	return slot == MAP_FAILED ? NULL : slot;
}

void slot_write(struct slot *slot, uint32_t *number, const struct report *report)
{
	uint32_t words[SLOT_WORDS];
	uint32_t next = *number + 1;

	/* 0 means "none". */
	if (next == 0)
		next = 2;
	memcpy(words, report, sizeof(words));
	/* The reader sees the previous number before it sees any word of this report. */
	atomic_thread_fence(memory_order_release);
	for (size_t i = 0; i < SLOT_WORDS; i++)
		atomic_store_explicit(&slot->words[next % 2][i], words[i], memory_order_relaxed);
	atomic_store_explicit(&slot->published, next, memory_order_release);
	*number = next;
}

bool slot_read(const struct slot *slot, struct report *report)
{
	/* C17 allows loads of const atomics, but not every compiler does yet. */
	struct slot *from = (struct slot *)(uintptr_t)slot;
	uint32_t words[SLOT_WORDS];

	for (int try = 0; try < TRIES; try++) {
		uint32_t number = atomic_load_explicit(&from->published, memory_order_acquire);

		if (number == 0)
			return false;
		for (size_t i = 0; i < SLOT_WORDS; i++)
			words[i] = atomic_load_explicit(&from->words[number % 2][i],
			                                memory_order_relaxed);
		atomic_thread_fence(memory_order_acquire);
		if (atomic_load_explicit(&from->published, memory_order_relaxed) == number) {
			memcpy(report, words, sizeof(words));
			return true;
		}
	}
	return false;
}
