/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: base/address and base/parse, and what else is read from the environment and from single
 * option values: --framing, $LISTEN_FDS. Each against a plain description of the same.
 */
#include "base/address.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/macros.h"
#include "base/parse.h"
#include "bridge/bridge_options.h"
#include "fuzz.h"
#include "guest/activation.h"
#include "guest/peer.h"

/* How many of text's first bytes are digits of that base. */
static size_t count_digits(const char *text, int base)
{
	return strspn(text, base == 8 ? "01234567" : "0123456789");
}

/* What a number's text and the suffix behind it are worth, as parse.h has it. */
static int expected_number(const char *text, int base, uint64_t unit, uint64_t max, uint64_t *value)
{
	unsigned long long number;

	if (count_digits(text, base) == 0)
		return -EINVAL;
	errno = 0;
	number = strtoull(text, NULL, base);
	if (errno == ERANGE || (unsigned __int128)number * unit > max)
		return -ERANGE;
	*value = number * unit;
	return 0;
}

static void check_u64(const char *text)
{
	uint64_t value = 0, expected = 0;
	int r = parse_u64(text, &value);

	if (text[count_digits(text, 10)])
		FUZZ_CHECK(r == -EINVAL || r == -ERANGE);
	else
		FUZZ_CHECK(r == expected_number(text, 10, 1, UINT64_MAX, &expected));
	if (r == 0)
		FUZZ_CHECK(value == expected);
}

static void check_mode(const char *text)
{
	unsigned mode = 0;
	uint64_t expected = 0;
	int r = parse_mode(text, &mode);
	bool good = !text[count_digits(text, 8)] &&
	            expected_number(text, 8, 1, UINT64_MAX, &expected) == 0 && expected <= 0777;

	FUZZ_CHECK((r == 0) == good);
	if (r == 0)
		FUZZ_CHECK(mode == expected);
}

static void check_timespan(const char *text)
{
	static const struct {
		const char *suffix;
		uint64_t usec;
	} units[] = {{"us", 1}, {"ms", 1000}, {"s", 1000000}, {"min", 60000000}, {"", 1000000}};
	const char *suffix = text + count_digits(text, 10);
	uint64_t usec = 0, expected = 0;
	int r = parse_timespan(text, &usec);

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (strcmp(suffix, units[i].suffix) != 0)
			continue;
		FUZZ_CHECK(r ==
		           expected_number(text, 10, units[i].usec, TIMESPAN_MAX_USEC, &expected));
		if (r == 0)
			FUZZ_CHECK(usec == expected);
		return;
	}
	FUZZ_CHECK(r == -EINVAL || r == -ERANGE);
}

static void check_framing(const char *text)
{
	struct waiting_options options;
	uint64_t usec = 0;
	int r = framing_option_parse(text, &options);

	FUZZ_CHECK(r == 0 || r == -EINVAL || r == -ERANGE);
	if (r < 0)
		return;
	if (options.mode != WAITING_SETTLE) {
		FUZZ_CHECK(strcmp(text, options.mode == WAITING_EOF ? "eof" : "auto") == 0);
		return;
	}
	FUZZ_CHECK(strncmp(text, "settle:", 7) == 0 && parse_u64(text + 7, &usec) == 0);
	FUZZ_CHECK(options.settle_usec == usec && usec <= WAITING_SETTLE_MAX_USEC);
}

static void check_vsock(const char *text, const struct address *address)
{
	const char *colon = strchr(text + strlen("vsock:"), ':');
	uint64_t cid, port;
	char *cid_text;

	FUZZ_CHECK(address->length == sizeof(address->vsock) && colon);
	cid_text = fuzz_string(text + strlen("vsock:"), (size_t)(colon - text) - strlen("vsock:"));
	FUZZ_CHECK(parse_u64(cid_text, &cid) == 0 && cid == address->vsock.svm_cid);
	FUZZ_CHECK(parse_u64(colon + 1, &port) == 0 && port == address->vsock.svm_port);
	free(cid_text);
}

/* An abstract name has a NUL for its '@' and none at the end; a path has one there. */
static void check_local(const char *text, const struct address *address)
{
	bool abstract = text[0] == '@';
	size_t name = strlen(text);
	size_t length = address->length - offsetof(struct sockaddr_un, sun_path);

	FUZZ_CHECK(address->length <= sizeof(address->local) && address_is_local(address));
	FUZZ_CHECK(length == name + !abstract);
	FUZZ_CHECK(memcmp(address->local.sun_path + abstract, text + abstract, length - abstract) ==
	           0);
	FUZZ_CHECK(address->local.sun_path[0] == (abstract ? '\0' : text[0]));
}

static void check_address(const char *text)
{
	struct address address;
	const char *reason = NULL;
	int r = address_parse(text, &address, &reason);

	FUZZ_CHECK(r <= 0 && (r == 0 || (reason && *reason)));
	if (r == 0 && text[0] == 'v')
		check_vsock(text, &address);
	else if (r == 0)
		check_local(text, &address);
	r = address_from_path(text, &address);
	FUZZ_CHECK(r == (strlen(text) < sizeof(address.local.sun_path) ? 0 : -ENAMETOOLONG));
	if (r == 0)
		FUZZ_CHECK(strcmp(address.local.sun_path, text) == 0);
}

/* No descriptor of a fuzz target's listens: nothing is ever taken over. */
static void check_listen_fds(const char *text, bool for_us)
{
	struct listener listener;
	struct failure failure = {0};
	uint64_t number = 0;
	char *pid = NULL, *count = NULL; /* not setenv(3), which keeps each value there ever was */
	bool is_number = parse_u64(text, &number) == 0;
	bool asked = is_number && number > 0 && (for_us || number == (uint64_t)getpid());

	if (for_us)
		FUZZ_CHECK(asprintf(&pid, "LISTEN_PID=%d", (int)getpid()) > 0);
	else
		FUZZ_CHECK(asprintf(&pid, "LISTEN_PID=%s", text) > 0);
	FUZZ_CHECK(asprintf(&count, "LISTEN_FDS=%s", text) > 0);
	FUZZ_CHECK(putenv(pid) == 0 && putenv(count) == 0);
	FUZZ_CHECK(listener_inherit(&listener, NULL, &failure) == (asked ? -EINVAL : 0));
	FUZZ_CHECK(!failure.line[0] == !asked);
	FUZZ_CHECK(!getenv("LISTEN_PID") && !getenv("LISTEN_FDS") && listener.fd == -1);
	free(pid);
	free(count);
}

/* "PREFIX PID / CID / SOURCE PORT / DESTINATION PORT", as peer.h has it: printed again it is the same. */
static void check_peer_name(const char *name, size_t length)
{
	struct peer peer = {.port = VSN_PORT_UNKNOWN};
	unsigned long long pid = 0, cid = 0, source = 0, destination = 0;
	char *text = fuzz_string(name, length);
	char *again = NULL;
	bool good, parsed;

	sscanf(text, PEER_NAME_PREFIX "%20llu/%20llu/%20llu/%20llu", &pid, &cid, &source,
	       &destination);
	FUZZ_CHECK(asprintf(&again, PEER_NAME_PREFIX "%llu/%llu/%llu/%llu", pid, cid, source,
	                    destination) > 0);
	good = strlen(again) == length && memcmp(again, name, length) == 0 && pid > 0 &&
	       pid <= INT32_MAX && cid <= UINT32_MAX && source < UINT32_MAX &&
	       destination < UINT32_MAX;
	parsed = peer_parse_name(name, length, (int64_t)pid, &peer);
	FUZZ_CHECK(parsed == good);
	FUZZ_CHECK(!peer_parse_name(name, length, (int64_t)pid + 1, &peer));
	if (parsed)
		FUZZ_CHECK(peer.cid == cid && peer.port == source);
	else
		FUZZ_CHECK(peer.port == VSN_PORT_UNKNOWN && peer.cid == 0);
	free(again);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	uint8_t flags = fuzz_byte(&input);
	char *text = fuzz_next_string(&input);

	check_u64(text);
	check_mode(text);
	check_timespan(text);
	check_framing(text);
	check_address(text);
	check_listen_fds(text, flags & 1);
	check_peer_name((const char *)data + 1, size > 0 ? size - 1 : 0);
	free(text);
	return 0;
}
