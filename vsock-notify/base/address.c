/* SPDX-License-Identifier: Apache-2.0 */
/* Parses the address of a service manager's socket (see address.h). */
#include "address.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "memory.h"
#include "parse.h"

/* "CID:PORT" */
static int parse_vsock(const char *text, struct address *address, const char **reason)
{
	CLEANUP_FREE char *cid = strdup(text);
	char *colon;

	if (!cid) {
		*reason = "out of memory";
		return -ENOMEM;
	}
	*address = (struct address){.vsock.svm_family = AF_VSOCK,
	                            .length = sizeof(struct sockaddr_vm)};
	colon = strchr(cid, ':');
	if (colon)
		*colon++ = '\0';
	if (!colon || parse_u32(cid, 0, UINT32_MAX, &address->vsock.svm_cid) < 0 ||
	    parse_u32(colon, 0, UINT32_MAX, &address->vsock.svm_port) < 0) {
		*reason = "a vsock address is vsock:CID:PORT, two numbers";
		return -EINVAL;
	}
	return 0;
}

int address_from_path(const char *path, struct address *address)
{
	size_t length = strlen(path);

	*address = (struct address){.local.sun_family = AF_UNIX};
	if (length >= sizeof(address->local.sun_path))
		return -ENAMETOOLONG;
	memcpy(address->local.sun_path, path, length);
	address->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
	return 0;
}

static int parse_abstract(const char *text, struct address *address, const char **reason)
{
	size_t length = strlen(text);

	*address = (struct address){.local.sun_family = AF_UNIX};
	if (length > sizeof(address->local.sun_path)) {
		*reason = "an abstract socket's name has at most 107 bytes";
		return -ENAMETOOLONG;
	}
	/* unix(7): an abstract name begins with a NUL, written as '@', and has no NUL at its end. */
	memcpy(address->local.sun_path + 1, text + 1, length - 1);
	address->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	return 0;
}

int address_parse(const char *text, struct address *address, const char **reason)
{
	static const char vsock[] = "vsock:";

	if (strncmp(text, vsock, strlen(vsock)) == 0)
		return parse_vsock(text + strlen(vsock), address, reason);
	if (text[0] == '@' && text[1])
		return parse_abstract(text, address, reason);
	if (text[0] != '/') {
		*reason = "it must be an absolute path, @NAME or vsock:CID:PORT";
		return -EINVAL;
	}
	if (address_from_path(text, address) < 0) {
		*reason = "a socket's path has at most 107 bytes";
		return -ENAMETOOLONG;
	}
	return 0;
}
