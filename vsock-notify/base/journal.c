/* SPDX-License-Identifier: Apache-2.0 */
/* The journal's native protocol (theory: journal.h). */
#include "journal.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <linux/sockios.h>

#include "escape.h"
#include "fd.h"

static struct {
	int fd;
	struct sockaddr_un address;
	char vm[JOURNAL_VM_MAX];
} journal = {.fd = -1};

static void add_part(struct journal_entry *entry, const void *bytes, size_t length)
{
	entry->parts[entry->part_count++] = (struct iovec){
		.iov_base = (void *)(uintptr_t)bytes,
		.iov_len = length,
	};
}

void journal_entry_init(struct journal_entry *entry)
{
	entry->part_count = 0;
	entry->field_count = 0;
}

void journal_add(struct journal_entry *entry, const struct journal_field *field)
{
	size_t name = strlen(field->name);
	unsigned char *length;

	if (entry->field_count == JOURNAL_FIELDS_MAX)
		return;
	length = entry->lengths[entry->field_count++];
	if (memchr(field->value, '\n', field->length)) {
		length[0] = '\n';
		for (unsigned i = 0; i < 8; i++)
			length[1 + i] = (unsigned char)((uint64_t)field->length >> (8 * i));
		add_part(entry, field->name, name - 1);
		add_part(entry, length, sizeof(entry->lengths[0]));
	} else {
		add_part(entry, field->name, name);
	}
	add_part(entry, field->value, field->length);
	add_part(entry, "\n", 1);
}

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

/* Bytes that have not been read; 0 where that cannot be found out. */
static int unread(void)
{
	int bytes = 0;

	return ioctl(journal.fd, SIOCOUTQ, &bytes) < 0 ? 0 : bytes;
}

void journal_finish(int milliseconds)
{
	/* Nothing tells when the last one has been read: a socket is ready for writing long before. */
	for (; journal.fd >= 0 && milliseconds > 0 && unread() > 0; milliseconds--)
		poll(NULL, 0, 1);
	journal_close();
}

void journal_clean(char *out, size_t size, const char *text, size_t length)
{
	size_t used = 0;

	while (length > 0) {
		char escaped[ESCAPE_MAX];
		size_t bytes;
		size_t taken = escape_bytes(text, length, escaped, &bytes);

		if (used + bytes >= size)
			break;
		memcpy(out + used, escaped, bytes);
		used += bytes;
		text += taken;
		length -= taken;
	}
	out[used] = '\0';
}
