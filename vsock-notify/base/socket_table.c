/* SPDX-License-Identifier: Apache-2.0 */
/* Bound unix sockets, as the kernel lists them (theory: socket_table.h). */
#include "socket_table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "memory.h"
#include "same_file.h"
#include "socket_file.h"

/* Linux, net/unix/af_unix.c, unix_seq_show(): __SO_ACCEPTCON, and the state of a socket that is no connection. */
#define FLAG_LISTENS      0x10000u
#define STATE_UNCONNECTED 1u

/* A line of the table that has a path. */
struct entry {
	uint32_t socket; /* the socket's own inode number; its file has another one */
	const char *path;
};

/* A connection has the path of the socket that accepted it, so it is no entry. Returns false for it, too. */
static bool parse(char *line, struct entry *entry)
{
	unsigned flags, state;
	unsigned long socket;
	int path = 0;

	if (sscanf(line, "%*[^:]: %*x %*x %x %*x %x %lu %n", &flags, &state, &socket, &path) != 3 ||
	    path == 0 || line[path] == '\0' || line[path] == '@')
		return false;
	line[path + (int)strcspn(line + path, "\n")] = '\0';
	*entry = (struct entry){.socket = (uint32_t)socket, .path = line + path};
	return (flags & FLAG_LISTENS) || state == STATE_UNCONNECTED;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* How an entry is compared with a path and its file. */
typedef bool matcher(const struct entry *entry, const char *path, const struct stat *file);

/* Most entries have another name, so no file is looked at for them. */
static bool has_name_of(const struct entry *entry, const char *path)
{
	return strcmp(last_part(entry->path), last_part(path)) == 0;
}

static bool is_file(const struct entry *entry, const char *path, const struct stat *file)
{
	struct stat named;

	return has_name_of(entry, path) && entry->path[0] == '/' &&
	       stat(entry->path, &named) == 0 && is_same_file(&named, file);
}

static bool is_file_or_bound_to_it(const struct entry *entry, const char *path,
                                   const struct stat *file)
{
	return is_file(entry, path, file) ||
	       (has_name_of(entry, path) && socket_is_bound_to(entry->socket, file));
}

static bool is_spelled_so(const struct entry *entry, const char *path, const struct stat *file)
{
	(void)file;
	return strcmp(entry->path, path) == 0;
}

FILE *socket_table_open(void)
{
	return fopen("/proc/net/unix", "re");
}

void socket_table_close(FILE **table)
{
	if (*table)
		fclose(*table);
	*table = NULL;
}

static bool find(FILE *table, const char *path, matcher *matches)
{
	CLEANUP_FREE char *line = NULL;
	size_t size = 0;
	struct stat file;
	struct entry entry;
	bool found = false;

	if (lstat(path, &file) < 0)
		return false;
	/* Without fflush(3) the C library would go back in its buffer, which has what was so before. */
	fflush(table);
	rewind(table);
	while (!found && getline(&line, &size, table) >= 0)
		found = parse(line, &entry) && matches(&entry, path, &file);
	return found;
}

bool socket_table_has(FILE *table, const char *path, bool may_ask)
{
	return find(table, path, may_ask ? is_file_or_bound_to_it : is_file);
}

bool socket_table_has_name(FILE *table, const char *path)
{
	return find(table, path, is_spelled_so);
}
