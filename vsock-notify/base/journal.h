/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries for the journal by its native protocol (https://systemd.io/JOURNAL_NATIVE_PROTOCOL): one datagram
 * an entry, of fields that are "NAME=value\n", or, where the value has a newline in it,
 * "NAME\n", its length as 64 bits in little endian, the value, "\n".
 *
 * The socket is looked up by name at each entry, so that a journald whose socket was made anew is found at once.
 * The journal finds out an entry's unit by the process that sent it: one that has ended is of none. So the last act of a process
 * is to wait until all has been read.
 *
 * Nothing is copied or allocated: an entry is a list of parts, which refer to what they are made of.
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#define JOURNAL_SOCKET     "/run/systemd/journal/socket"
#define JOURNAL_VM_MAX     256
#define JOURNAL_FIELDS_MAX 10

struct journal_field {
	const char *name; /* with its '=' */
	const char *value;
	size_t length;
};

/* At most a name, a length, a value and a newline each. */
#define JOURNAL_PARTS_MAX (4 * JOURNAL_FIELDS_MAX)

struct journal_entry {
	struct iovec parts[JOURNAL_PARTS_MAX];
	unsigned part_count;
	unsigned field_count;
	unsigned char lengths[JOURNAL_FIELDS_MAX][1 + 8]; /* after a newline */
};

/* One without fields. */
void journal_entry_init(struct journal_entry *entry);

/* Adds a field, which has to stay where it is. One that there is no more room for is left out. */
void journal_add(struct journal_entry *entry, const struct journal_field *field);

/*
 * Opens a socket for the journal's at path. vm: what each entry has as VSOCK_NOTIFY_VM=, "": nothing. Returns 0 or
 * a negative errno. That nobody is at path is found out with the first entry.
 */
int journal_open(const char *path, const char *vm);
void journal_close(void);

/* The socket; negative: there is none. */
int journal_fd(void);

/*
 * Sends an entry: the message, its priority (syslog(3)), who says it, and the fields. Never blocks. Returns 0;
 * -EAGAIN where the journal takes none at the moment, or another negative errno.
 */
int journal_send(int priority, const char *message, size_t length,
                 const struct journal_field *fields, unsigned count);

/* Waits until the journal has read all entries, or for so long. Nothing can be sent after it. */
void journal_finish(int milliseconds);

/*
 * A stranger's bytes as a field's value: printable UTF-8 as it is, anything else as \xNN, cut to what
 * fits into size bytes with the NUL that ends it.
 */
void journal_clean(char *out, size_t size, const char *text, size_t length);

#endif
