/* SPDX-License-Identifier: Apache-2.0 */
/* What a VM is called, by the path of its vsock socket (rules: vm_name.h). */
#include "vm_name.h"

#include <stdio.h>
#include <string.h>

#include "base/parse.h"

/* Returns where the last component of the first *length bytes of path begins, and makes *length its own. */
static const char *component(const char *path, size_t *length)
{
	const char *begin;

	while (*length > 1 && path[*length - 1] == '/')
		--*length;
	begin = memrchr(path, '/', *length);
	begin = begin ? begin + 1 : path;
	*length -= (size_t)(begin - path);
	return begin;
}

static bool ends_with(const char *text, size_t length, const char *suffix)
{
	size_t size = strlen(suffix);

	return length > size && memcmp(text + length - size, suffix, size) == 0;
}

void vm_name(char *name, const char *vsock)
{
	size_t length = strlen(vsock);
	const char *begin = component(vsock, &length);

	if (ends_with(begin, length, ".vsock") || ends_with(begin, length, ".sock"))
		length = (size_t)((const char *)memrchr(begin, '.', length) - begin);
	/* Every VM's socket may be called "vsock": then the folder's name tells VMs apart. */
	if (length == strlen("vsock") && memcmp(begin, "vsock", length) == 0 && begin > vsock + 1) {
		length = (size_t)(begin - vsock - 1);
		begin = component(vsock, &length);
	}
	snprintf(name, STATE_NAME_MAX, "%.*s", (int)length, begin);
}

size_t vm_name_vsock(const char *socket, uint32_t *port)
{
	const char *underscore = strrchr(socket, '_');

	if (!underscore || parse_u32(underscore + 1, 0, UINT32_MAX, port) < 0)
		return strlen(socket);
	return (size_t)(underscore - socket);
}
