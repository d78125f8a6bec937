/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the credential vmm.notify_socket (see credential.h). */
#include "credential.h"

#include <string.h>
#include <strings.h>

#include "base/macros.h"
#include "base/parse.h"
#include "base64.h"
#include "kernel_word.h"

#define OEM_BINARY_PREFIX "io.systemd.credential.binary:" CREDENTIAL_NAME "="

/* Bytes; more than any address that can be used. */
#define ADDRESS_MAX 64

static bool begins(const char *text, size_t length, const char *prefix)
{
	return length >= strlen(prefix) && memcmp(text, prefix, strlen(prefix)) == 0;
}

/* Parses "vsock-stream:2:PORT". The host's CID has a name, too, from systemd 256 on (vsock_parse_cid()). */
static enum credential_found read_stream(const char *address, uint32_t *port)
{
	static const char *const to_host[] = {"vsock-stream:2:", "vsock-stream:host:"};

	for (size_t i = 0; i < ARRAY_SIZE(to_host); i++) {
		size_t length = strlen(to_host[i]);

		/* A guest cannot connect to port 0, nor to UINT32_MAX, VMADDR_PORT_ANY. */
		if (strncmp(address, to_host[i], length) == 0 &&
		    parse_u32(address + length, 1, UINT32_MAX - 1, port) == 0)
			return CREDENTIAL_USABLE;
	}
	return CREDENTIAL_UNKNOWN;
}

static size_t without_line_ends(const char *text, size_t length)
{
	while (length && (text[length - 1] == '\n' || text[length - 1] == '\r'))
		length--;
	return length;
}

enum credential_found credential_in_value(const char *text, size_t length, uint32_t *port)
{
	static const char *const needs_datagrams[] = {"vsock:", "vsock-dgram:", "vsock-seqpacket:"};
	const size_t trimmed = without_line_ends(text, length);
	char address[ADDRESS_MAX];
	enum credential_found found;
	uint32_t ignored;

	for (size_t i = 0; i < ARRAY_SIZE(needs_datagrams); i++)
		if (begins(text, length, needs_datagrams[i]))
			return CREDENTIAL_DATAGRAM;
	/* systemd reads a string, and refuses one with a NUL in it. */
	if (trimmed >= sizeof(address) || memchr(text, '\0', length))
		return CREDENTIAL_UNKNOWN;
	memcpy(address, text, trimmed);
	address[trimmed] = '\0';
	found = read_stream(address, trimmed == length ? port : &ignored);
	return found == CREDENTIAL_USABLE && trimmed < length ? CREDENTIAL_LINE_END : found;
}

/* systemd skips a binary credential that is not Base64. */
static enum credential_found read_binary(const char *text, size_t length, uint32_t *port)
{
	char value[ADDRESS_MAX + 8];
	ssize_t decoded = base64_decode(text, length, value, sizeof(value));

	if (decoded < 0)
		return CREDENTIAL_ABSENT;
	if ((size_t)decoded > sizeof(value))
		return CREDENTIAL_UNKNOWN;
	return credential_in_value(value, (size_t)decoded, port);
}

enum credential_found credential_in_oem_string(const char *text, size_t length, uint32_t *port)
{
	const size_t plain = strlen(CREDENTIAL_OEM_PREFIX);
	const size_t binary = strlen(OEM_BINARY_PREFIX);

	if (begins(text, length, CREDENTIAL_OEM_PREFIX))
		return credential_in_value(text + plain, length - plain, port);
	if (begins(text, length, OEM_BINARY_PREFIX))
		return read_binary(text + binary, length - binary, port);
	return CREDENTIAL_ABSENT;
}

/* What follows "vmm.notify_socket:" in the word's value, if it has this key; else NULL. */
static const char *assigned(const struct kernel_word *word, const char *key)
{
	static const char name[] = CREDENTIAL_NAME ":";
	const char *value = kernel_word_value(word, key);

	return value && strncmp(value, name, strlen(name)) == 0 ? value + strlen(name) : NULL;
}

static enum credential_found credential_in_word(const struct kernel_word *word, uint32_t *port)
{
	const char *plain = assigned(word, "systemd.set_credential");
	const char *binary = assigned(word, "systemd.set_credential_binary");

	if ((plain || binary) && word->cut)
		return CREDENTIAL_UNKNOWN;
	if (plain)
		return credential_in_value(plain, strlen(plain), port);
	return binary ? read_binary(binary, strlen(binary), port) : CREDENTIAL_ABSENT;
}

enum credential_found credential_in_cmdline(const char *cmdline, uint32_t *port)
{
	enum credential_found found = CREDENTIAL_ABSENT;
	struct kernel_word word;

	while (found == CREDENTIAL_ABSENT && kernel_word_next(&cmdline, &word))
		found = credential_in_word(&word, port);
	return found;
}

/* parse_boolean() of systemd, src/basic/parse-util.c. */
static bool is_false(const char *text)
{
	static const char *const words[] = {"0", "no", "n", "false", "f", "off"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

bool credential_is_forbidden(const char *cmdline)
{
	struct kernel_word word;
	bool forbidden = false;

	/* The last one counts. */
	while (kernel_word_next(&cmdline, &word)) {
		const char *value = kernel_word_value(&word, "systemd.import_credentials");

		if (value)
			forbidden = is_false(value);
	}
	return forbidden;
}
