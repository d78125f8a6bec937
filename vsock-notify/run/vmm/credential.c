/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the credential vmm.notify_socket (see credential.h). */
#include "credential.h"

#include <stdbool.h>
#include <string.h>

#include "base/macros.h"
#include "base/parse.h"

/* CID 2 is the host, vsock(7). */
#define STREAM_TO_HOST "vsock-stream:2:"

/* These characters separate the words of a kernel command line. */
#define SPACE " \t\n"

static bool begins(const char *text, size_t length, const char *prefix)
{
	return length >= strlen(prefix) && memcmp(text, prefix, strlen(prefix)) == 0;
}

/* Parses "vsock-stream:2:PORT", and knows the other forms that sd_notify(3) documents. */
static enum credential_found read_address(const char *text, size_t length, uint32_t *port)
{
	static const char *const needs_datagrams[] = {"vsock:", "vsock-dgram:", "vsock-seqpacket:"};
	char address[64];

	for (size_t i = 0; i < ARRAY_SIZE(needs_datagrams); i++)
		if (begins(text, length, needs_datagrams[i]))
			return CREDENTIAL_DATAGRAM;
	if (length >= sizeof(address) || !begins(text, length, STREAM_TO_HOST))
		return CREDENTIAL_UNKNOWN;
	memcpy(address, text, length);
	address[length] = '\0';
	/* A guest cannot connect to port 0, nor to UINT32_MAX, VMADDR_PORT_ANY. */
	return parse_u32(address + strlen(STREAM_TO_HOST), 1, UINT32_MAX - 1, port) < 0
	               ? CREDENTIAL_UNKNOWN
	               : CREDENTIAL_USABLE;
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
		size_t word = strcspn(cmdline, SPACE);

		if (begins(cmdline, word, CREDENTIAL_CMDLINE_PREFIX))
			return read_address(cmdline + prefix, word - prefix, port);
		cmdline += word;
		cmdline += strspn(cmdline, SPACE);
	}
	return CREDENTIAL_ABSENT;
}
