/* SPDX-License-Identifier: Apache-2.0 */
/* Sends entries to the journal (theory: journal.h). */
#include "journal.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <linux/sockios.h>

#include "fd.h"

static struct {
	int fd;
	struct sockaddr_un address;
	char vm[JOURNAL_VM_MAX];
} journal = {.fd = -1};

int journal_open(const char *path, const char *vm)
{
	journal_close();
	if (strlen(path) >= sizeof(journal.address.sun_path))
		return -ENAMETOOLONG;
	journal.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (journal.fd < 0)
		return -errno;
	journal.address.sun_family = AF_UNIX;
	snprintf(journal.address.sun_path, sizeof(journal.address.sun_path), "%s", path);
	journal_clean(journal.vm, sizeof(journal.vm), vm, strlen(vm));
	return 0;
}

void journal_close(void)
{
	close_fd(&journal.fd);
}

int journal_fd(void)
{
	return journal.fd;
}

static void add_text(struct journal_entry *entry, const char *name, const char *text, size_t length)
{
	const struct journal_field field = {name, text, length};

	journal_add(entry, &field);
}

int journal_send(int priority, const char *message, size_t length,
                 const struct journal_field *fields, unsigned count)
{
	static const char identifier[] = "vsock-notify";
	const char digit = (char)('0' + priority);
	struct journal_entry entry;
	struct msghdr datagram = {
		.msg_name = &journal.address,
		.msg_namelen = sizeof(journal.address),
		.msg_iov = entry.parts,
	};

	journal_entry_init(&entry);
	add_text(&entry, "MESSAGE=", message, length);
	add_text(&entry, "PRIORITY=", &digit, 1);
	add_text(&entry, "SYSLOG_IDENTIFIER=", identifier, strlen(identifier));
	if (journal.vm[0])
		add_text(&entry, "VSOCK_NOTIFY_VM=", journal.vm, strlen(journal.vm));
	for (unsigned i = 0; i < count; i++)
		journal_add(&entry, &fields[i]);
	datagram.msg_iovlen = entry.part_count;
	return sendmsg(journal.fd, &datagram, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

/* Returns the number of bytes that the journal has not read, or 0 if that is unknown. */
static int unread(void)
{
	int bytes = 0;

	return ioctl(journal.fd, SIOCOUTQ, &bytes) < 0 ? 0 : bytes;
}

void journal_finish(int milliseconds)
{
	/* There is no event for "all has been read": the socket is writable long before that. */
	for (; journal.fd >= 0 && milliseconds > 0 && unread() > 0; milliseconds--)
		poll(NULL, 0, 1);
	journal_close();
}
