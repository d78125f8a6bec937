/* SPDX-License-Identifier: Apache-2.0 */
/* Counts refused fields by name (see refused.h). */
#include "refused.h"

#include <string.h>

static bool is_name(const struct refused_name *known, const struct field *field, size_t length)
{
	return strncmp(known->name, field->name, length) == 0 && known->name[length] == '\0';
}

bool refused_first_time(struct refused *refused, const struct field *field)
{
	size_t length =
		field->name_length < REFUSED_NAME_LENGTH ? field->name_length : REFUSED_NAME_LENGTH;

	for (unsigned i = 0; i < refused->count; i++) {
		if (is_name(&refused->names[i], field, length)) {
			refused->names[i].count++;
			return false;
		}
	}
	if (refused->count == REFUSED_NAMES_MAX) {
		refused->others++;
		return false;
	}
	memcpy(refused->names[refused->count].name, field->name, length);
	refused->names[refused->count++].count = 1;
	return true;
}
