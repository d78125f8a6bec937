/* SPDX-License-Identifier: Apache-2.0 */
/* A vector of strings (see strv.h). */
#include "strv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int strv_append(struct strv *strv, const char *text)
{
	char **items = reallocarray(strv->items, strv->count + 2, sizeof(*items));
	char *copy;

	if (!items)
		return -ENOMEM;
	strv->items = items;
	copy = strdup(text);
	items[strv->count] = copy;
	if (!copy)
		return -ENOMEM;
	items[++strv->count] = NULL;
	return 0;
}

int strv_replace(struct strv *strv, size_t index, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		return -ENOMEM;
	free(strv->items[index]);
	strv->items[index] = copy;
	return 0;
}

int strv_extend(struct strv *strv, const char *const *items)
{
	for (; *items; items++) {
		int r = strv_append(strv, *items);

		if (r < 0)
			return r;
	}
	return 0;
}

void strv_free(struct strv *strv)
{
	for (size_t i = 0; i < strv->count; i++)
		free(strv->items[i]);
	free(strv->items);
	*strv = (struct strv){0};
}
