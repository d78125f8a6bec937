/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The connection to the journal: sends entries (journal_entry.h), one datagram each.
 *
 * The socket is looked up by name for each entry, so that a journald that has been restarted is found at once. journald finds
 * the unit of an entry by the process that sent it, and cannot do that after the process has exited. So the last act of a
 * process is journal_finish().
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "journal_entry.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"
#define JOURNAL_VM_MAX 256

/*
 * Opens a socket that sends to the journal's socket at path. vm: the value of VSOCK_NOTIFY_VM= in each entry; "": entries do
 * not have that field. Returns 0 or a negative errno. The first entry shows whether a journal listens at path.
 */
int journal_open(const char *path, const char *vm);
void journal_close(void);

/* The socket; negative if it is not open. */
int journal_fd(void);

/*
 * Sends an entry: the message, its priority (syslog(3)), the name of this program, and the fields. Never blocks. Returns 0,
 * -EAGAIN if the journal takes none at the moment, or another negative errno.
 */
int journal_send(int priority, const char *message, size_t length,
                 const struct journal_field *fields, unsigned count);

/* Waits until the journal has read all entries, or until the time is over. Nothing can be sent after that. */
void journal_finish(int milliseconds);

#endif
