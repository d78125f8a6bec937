/* SPDX-License-Identifier: Apache-2.0 */
/* The credential vmm.notify_socket, found where users have put it (see credential.h). */
#include "credential.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define HOST_CID 2

static bool begins(const char *text, size_t length, const char *prefix)
{
	return length >= strlen(prefix) && memcmp(text, prefix, strlen(prefix)) == 0;
}

/* "vsock-stream:CID:PORT", or one of the forms that sd_notify(3) documents beside it. */
static enum credential_found read_address(const char *text, size_t length, uint32_t *port)
{
	static const char *const needs_datagrams[] = {"vsock:", "vsock-dgram:", "vsock-seqpacket:"};
	char address[64];
	unsigned cid;
	int end = 0;

	for (size_t i = 0; i < sizeof(needs_datagrams) / sizeof(needs_datagrams[0]); i++)
		if (begins(text, length, needs_datagrams[i]))
			return CREDENTIAL_DATAGRAM;
	if (length >= sizeof(address))
		return CREDENTIAL_UNKNOWN;
	memcpy(address, text, length);
	address[length] = '\0';
	if (sscanf(address, "vsock-stream:%u:%u%n", &cid, port, &end) != 2 || address[end] ||
	    cid != HOST_CID)
		return CREDENTIAL_UNKNOWN;
	return CREDENTIAL_USABLE;
}

enum credential_found credential_in_oem_string(const char *text, size_t length, uint32_t *port)
{
	const size_t prefix = strlen(CREDENTIAL_OEM_PREFIX);

	if (!begins(text, length, CREDENTIAL_OEM_PREFIX))
		return CREDENTIAL_ABSENT;
	return read_address(text + prefix, length - prefix, port);
}

enum credential_found credential_in_cmdline(const char *cmdline, uint32_t *port)
{
	const size_t prefix = strlen(CREDENTIAL_CMDLINE_PREFIX);

	while (*cmdline) {
		size_t word = strcspn(cmdline, " ");

		if (begins(cmdline, word, CREDENTIAL_CMDLINE_PREFIX))
			return read_address(cmdline + prefix, word - prefix, port);
		cmdline += word;
		cmdline += strspn(cmdline, " ");
	}
	return CREDENTIAL_ABSENT;
}
