/* SPDX-License-Identifier: Apache-2.0 */
/* Which refused field names have been logged already (see refused.h). */
#include "refused.h"

/* FNV-1a, 32 bits: a collision costs one log line. */
static uint32_t hash(const char *bytes, size_t length)
{
	uint32_t value = 2166136261u;

	for (size_t i = 0; i < length; i++)
		value = (value ^ (uint8_t)bytes[i]) * 16777619u;
	return value;
}

bool refused_first_time(struct refused *refused, const struct field *field)
{
	uint32_t value = hash(field->name, field->name_length);

	for (unsigned i = 0; i < refused->count; i++)
		if (refused->hashes[i] == value)
			return false;
	if (refused->count == REFUSED_NAMES_MAX)
		return false;
	refused->hashes[refused->count++] = value;
	return true;
}
