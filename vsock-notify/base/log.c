/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the log to standard error or to the journal (theory: log.h). */
#include "log.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal.h"

/* At most PIPE_BUF: if poll(2) reports POLLOUT for a pipe, it has room for a whole line. */
#define LINE_MAX_BYTES 2048

static int max_level = VSN_LOG_INFO;
static bool to_journal;
static uint32_t lines_lost;

void log_set_level(int level)
{
	max_level = level;
}

bool log_enabled(int level)
{
	return level <= max_level;
}

/* $JOURNAL_STREAM has the device and inode of the journal's stream, such as "8:1234", systemd.exec(5). */
void log_open(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat status;

	to_journal = stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	             fstat(STDERR_FILENO, &status) == 0 && status.st_dev == device &&
	             status.st_ino == inode;
}

void log_name_vm(const char *vm)
{
	if (to_journal)
		journal_open(JOURNAL_SOCKET, vm);
}

void log_finish(void)
{
	journal_finish(LOG_FINISH_MSEC);
}

/* Escapes one byte into out, which has room for 4. Returns the number of characters. */
static unsigned escape_byte(char *out, unsigned char byte)
{
	static const char hex[] = "0123456789abcdef";

	if (byte == '\n' || byte == '\t' || byte == '\\') {
		out[0] = '\\';
		out[1] = byte == '\n' ? 'n' : byte == '\t' ? 't' : '\\';
		return 2;
	}
	if (byte >= ' ' && byte < 0x7f) {
		out[0] = (char)byte;
		return 1;
	}
	out[0] = '\\';
	out[1] = 'x';
	out[2] = hex[byte >> 4];
	out[3] = hex[byte & 15];
	return 4;
}

/* Escapes a line as in a C string literal. Returns the number of bytes. */
static unsigned append_escaped(char *out, unsigned room, const char *line)
{
	unsigned used = 0;

	for (; *line && used + 4 <= room; line++)
		used += escape_byte(out + used, (unsigned char)*line);
	return used;
}

static int write_stream(const char *line, unsigned length)
{
	struct pollfd stderr_poll = {.fd = STDERR_FILENO, .events = POLLOUT};

	if (poll(&stderr_poll, 1, 0) != 1 || !(stderr_poll.revents & POLLOUT))
		return -EAGAIN;
	return write(STDERR_FILENO, line, length) < 0 ? -errno : 0;
}

/* Sends a journal entry if possible. The caller must not write a line after -EAGAIN: it would overtake earlier entries. */
static int send_entry(int level, const char *text, unsigned length,
                      const struct journal_field *fields, unsigned count)
{
	if (level <= VSN_LOG_ERROR || journal_fd() < 0)
		return -ENOTCONN;
	return journal_send(level, text, length, fields, count);
}

static void write_line(int level, const char *text, const struct journal_field *fields,
                       unsigned count)
{
	char line[LINE_MAX_BYTES];
	unsigned used, prefix;
	int r;

	used = to_journal ? (unsigned)snprintf(line, sizeof(line), "<%d>", level)
	                  : (unsigned)snprintf(line, sizeof(line), "vsock-notify: ");
	prefix = used;
	if (lines_lost)
		used += (unsigned)snprintf(line + used, sizeof(line) - used,
		                           "(%u lines lost before this one) ", lines_lost);
	used += append_escaped(line + used, sizeof(line) - used - 1, text);
	r = send_entry(level, line + prefix, used - prefix, fields, count);
	line[used++] = '\n';
	if (r < 0 && r != -EAGAIN)
		r = write_stream(line, used);
	lines_lost = r < 0 ? lines_lost + 1 : 0;
}

void log_entry(int level, const struct journal_field *fields, unsigned count, const char *format,
               va_list arguments)
{
	char text[LINE_MAX_BYTES];
	int saved_errno = errno;

	if (!log_enabled(level))
		return;
	vsnprintf(text, sizeof(text), format, arguments);
	write_line(level, text, fields, count);
	errno = saved_errno;
}

void log_line(int level, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_entry(level, NULL, 0, format, arguments);
	va_end(arguments);
}
