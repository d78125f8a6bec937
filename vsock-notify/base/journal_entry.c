/* SPDX-License-Identifier: Apache-2.0 */
/* Puts a journal entry together (see journal_entry.h). */
#include "journal_entry.h"

#include <stdint.h>
#include <string.h>

#include "escape.h"

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
