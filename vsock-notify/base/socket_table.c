/* SPDX-License-Identifier: Apache-2.0 */
/* Bound unix sockets, as the kernel lists them (theory: socket_table.h). */
#include "socket_table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "memory.h"
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

static bool is_file(const struct stat *file, const struct entry *entry, bool may_ask)
{
	struct stat named;

	if (entry->path[0] == '/' && stat(entry->path, &named) == 0 &&
	    named.st_dev == file->st_dev && named.st_ino == file->st_ino)
		return true;
	return may_ask && socket_is_bound_to(entry->socket, file);
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

/* Without fflush(3) the C library would go back in its buffer, which has what was so before. */
static void read_anew(FILE *table)
{
	fflush(table);
	rewind(table);
}

bool socket_table_has(FILE *table, const char *path, bool may_ask)
{
	CLEANUP_FREE char *line = NULL;
	size_t size = 0;
	struct stat file;
	struct entry entry;
	bool found = false;

	if (lstat(path, &file) < 0)
		return false;
	read_anew(table);
	while (!found && getline(&line, &size, table) >= 0)
		found = parse(line, &entry) &&
		        strcmp(last_part(entry.path), last_part(path)) == 0 &&
		        is_file(&file, &entry, may_ask);
	return found;
}

bool socket_table_has_name(FILE *table, const char *path)
{
	CLEANUP_FREE char *line = NULL;
	size_t size = 0;
	struct stat file;
	struct entry entry;
	bool found = false;

	if (lstat(path, &file) < 0)
		return false;
	read_anew(table);
	while (!found && getline(&line, &size, table) >= 0)
		found = parse(line, &entry) && strcmp(entry.path, path) == 0;
	return found;
}
