/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An entry for the journal in its native protocol (https://systemd.io/JOURNAL_NATIVE_PROTOCOL): a sequence of fields. A field
 * is "NAME=value\n". If the value contains a newline, the field is "NAME\n", the length of the value as 64 bits in little
 * endian, the value, and "\n".
 *
 * Nothing is copied or allocated: an entry is a list of parts that point to the values. Pure functions.
 */
#ifndef JOURNAL_ENTRY_H
#define JOURNAL_ENTRY_H

#include <stddef.h>
#include <sys/uio.h>

#define JOURNAL_FIELDS_MAX 10

struct journal_field {
	const char *name; /* with its '=' */
	const char *value;
	size_t length;
};

/* At most a name, a length, a value and a newline for each field. */
#define JOURNAL_PARTS_MAX (4 * JOURNAL_FIELDS_MAX)

struct journal_entry {
	struct iovec parts[JOURNAL_PARTS_MAX];
	unsigned part_count;
	unsigned field_count;
	unsigned char lengths[JOURNAL_FIELDS_MAX][1 + 8]; /* after a newline */
};

/* Makes an entry without fields. */
void journal_entry_init(struct journal_entry *entry);

/* Adds a field, whose name and value must stay where they are. A field too many is left out. */
void journal_add(struct journal_entry *entry, const struct journal_field *field);

/*
 * Escapes bytes from a guest for use as a field's value: printable UTF-8 stays as it is, any other byte becomes \xNN. The
 * result is cut to what fits into size bytes, with the NUL at its end.
 */
void journal_clean(char *out, size_t size, const char *text, size_t length);

#endif
