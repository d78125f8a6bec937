/* SPDX-License-Identifier: Apache-2.0 */
/* The log: whole, escaped lines on standard error that never block the loop (see log.h). */
#include "log.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "util.h"

/* At most PIPE_BUF, so that POLLOUT on a pipe promises room for a whole line. */
#define LINE_MAX_BYTES 2048

static int max_level = VSN_LOG_INFO;
static bool to_journal;
static uint32_t lines_lost;
static bool has_error;

void log_set_level(int level)
{
	max_level = level;
}

bool log_has_error(void)
{
	return has_error;
}

bool log_enabled(int level)
{
	return level <= max_level;
}

/* systemd.exec(5), $JOURNAL_STREAM: device and inode of the journal's stream, "8:1234". */
void log_open(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat status;

	to_journal = stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	             fstat(STDERR_FILENO, &status) == 0 && status.st_dev == device &&
	             status.st_ino == inode;
}

const struct option_choice log_levels[] = {
	{"error", VSN_LOG_ERROR},
	{"warning", VSN_LOG_WARNING},
	{"info", VSN_LOG_INFO},
	{"debug", VSN_LOG_DEBUG},
	{0},
};

/* Escapes one byte into out (room for 4). Returns the number of characters. */
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

/* Escapes a formatted line as a C string literal would have it. Returns the number of bytes. */
static unsigned append_escaped(char *out, unsigned room, const char *line)
{
	unsigned used = 0;

	for (; *line && used + 4 <= room; line++)
		used += escape_byte(out + used, (unsigned char)*line);
	return used;
}

static bool writable(void)
{
	struct pollfd stderr_poll = {.fd = STDERR_FILENO, .events = POLLOUT};

	return poll(&stderr_poll, 1, 0) == 1 && (stderr_poll.revents & POLLOUT);
}

static void write_line(int level, const char *text)
{
	char line[LINE_MAX_BYTES];
	unsigned used;
	ssize_t written;

	if (!writable()) {
		lines_lost++;
		return;
	}
	used = to_journal ? (unsigned)snprintf(line, sizeof(line), "<%d>", level)
	                  : (unsigned)snprintf(line, sizeof(line), "vsock-notify: ");
	if (lines_lost)
		used += (unsigned)snprintf(line + used, sizeof(line) - used,
		                           "(%u lines lost before this one) ", lines_lost);
	used += append_escaped(line + used, sizeof(line) - used - 1, text);
	line[used++] = '\n';
	written = write(STDERR_FILENO, line, used);
	lines_lost = written < 0 ? lines_lost + 1 : 0;
}

static void format_line(int level, const char *format, va_list arguments) VSN_PRINTF(2, 0);

static void format_line(int level, const char *format, va_list arguments)
{
	char text[LINE_MAX_BYTES];

	vsnprintf(text, sizeof(text), format, arguments);
	write_line(level, text);
}

void log_line(int level, const char *format, ...)
{
	va_list arguments;
	int saved_errno = errno;

	has_error |= level == VSN_LOG_ERROR;
	if (!log_enabled(level))
		return;
	va_start(arguments, format);
	format_line(level, format, arguments);
	va_end(arguments);
	errno = saved_errno;
}

bool log_limit_pass(struct log_limit *limit, uint64_t now_usec, uint32_t *left_out)
{
	static const struct rate_rule rule = {LOG_BURST, LOG_INTERVAL_USEC};

	if (!rate_pass(&limit->rate, &rule, now_usec)) {
		limit->left_out++;
		return false;
	}
	*left_out = limit->left_out;
	limit->left_out = 0;
	return true;
}

void log_line_limited(struct log_limit *limit, int level, const char *format, ...)
{
	char text[LINE_MAX_BYTES];
	va_list arguments;
	uint32_t left_out;

	if (!log_enabled(level) || !log_limit_pass(limit, now_usec(), &left_out))
		return;
	if (left_out)
		log_line(level, "%u more lines like the next one were left out", left_out);
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	log_line(level, "%s", text);
}
