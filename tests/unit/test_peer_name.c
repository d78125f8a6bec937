/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of guest/peer: reading the name that a VMM binds its end of a connection to. A guest has no hand in
 * it, but anybody on the host may bind any name: only the exact form counts, and only the speaker's own.
 */
#include "guest/peer.h"

#include <regex.h>

#include "harness.h"

#define PID  4711
#define GOOD PEER_NAME_PREFIX "4711/3/1023/1234"

/* Reads length bytes of name, in memory of just that size, so that valgrind sees a byte too many. */
static bool parse(const char *name, size_t length, int64_t pid, struct peer *peer)
{
	char *exact = malloc(length);
	bool is_name;

	ck_assert(exact || length == 0);
	memcpy(exact, name, length);
	*peer = (struct peer){.pid = 1, .uid = 2, .cid = 77, .port = VSN_PORT_UNKNOWN};
	is_name = peer_parse_name(exact, length, pid, peer);
	free(exact);
	ck_assert_int_eq(peer->pid, 1);
	ck_assert_uint_eq(peer->uid, 2);
	if (!is_name) {
		ck_assert_uint_eq(peer->cid, 77);
		ck_assert_uint_eq(peer->port, VSN_PORT_UNKNOWN);
	}
	return is_name;
}

static const struct {
	const char *name;
	int64_t pid;
	uint32_t cid, port;
} good[] = {
	{GOOD, PID, 3, 1023},
	{PEER_NAME_PREFIX "1/0/0/0", 1, 0, 0},
	{PEER_NAME_PREFIX "4711/3/512/1", PID, 3, 512},
	{PEER_NAME_PREFIX "2147483647/4294967295/4294967294/4294967294", INT32_MAX, UINT32_MAX,
         UINT32_MAX - 1},
};

START_TEST(a_name_tells_cid_and_port)
{
	struct peer peer;

	ck_assert(parse(good[_i].name, strlen(good[_i].name), good[_i].pid, &peer));
	ck_assert_uint_eq(peer.cid, good[_i].cid);
	ck_assert_uint_eq(peer.port, good[_i].port);
}
END_TEST

/* A string with its length, as some have a NUL in them. */
#define NAME(text)                     \
	{                              \
		text, sizeof(text) - 1 \
	}

static const struct {
	const char *name;
	size_t length;
} malformed[] = {
	/* the prefix */
	NAME(""),
	NAME("vsock-peer.v1"),
	NAME(PEER_NAME_PREFIX),
	NAME("vsock-peer.v2/4711/3/1023/1234"),
	NAME("Vsock-peer.v1/4711/3/1023/1234"),
	NAME("vsock-peer.v1.4711/3/1023/1234"),
	NAME("4711/3/1023/1234"),
	NAME(" " GOOD),
	/* another process */
	NAME(PEER_NAME_PREFIX "4710/3/1023/1234"),
	NAME(PEER_NAME_PREFIX "47110/3/1023/1234"),
	NAME(PEER_NAME_PREFIX "471/3/1023/1234"),
	NAME(PEER_NAME_PREFIX "0/3/1023/1234"),
	NAME(PEER_NAME_PREFIX "4294972007/3/1023/1234"),           /* 2^32 + 4711 */
	NAME(PEER_NAME_PREFIX "18446744073709556327/3/1023/1234"), /* 2^64 + 4711 */
	NAME(PEER_NAME_PREFIX "-4711/3/1023/1234"),
	/* zeros in front */
	NAME(PEER_NAME_PREFIX "04711/3/1023/1234"),
	NAME(PEER_NAME_PREFIX "4711/03/1023/1234"),
	NAME(PEER_NAME_PREFIX "4711/3/01023/1234"),
	NAME(PEER_NAME_PREFIX "4711/3/1023/01234"),
	NAME(PEER_NAME_PREFIX "4711/3/00/1234"),
	/* too large: a port of the guest's must not wrap round to a privileged one */
	NAME(PEER_NAME_PREFIX "4711/4294967296/1023/1234"),
	NAME(PEER_NAME_PREFIX "4711/3/4294967295/1234"),
	NAME(PEER_NAME_PREFIX "4711/3/4294967296/1234"),
	NAME(PEER_NAME_PREFIX "4711/3/4294968319/1234"),
	NAME(PEER_NAME_PREFIX "4711/3/18446744073709552639/1234"),
	NAME(PEER_NAME_PREFIX "4711/3/184467440737095516160/1234"),
	NAME(PEER_NAME_PREFIX "4711/3/1023/4294967295"),
	NAME(PEER_NAME_PREFIX "4711/3/1023/18446744073709551615"),
	NAME(PEER_NAME_PREFIX "4711/3/1023/99999999999999999999999999999999999999999"),
	/* parts that are missing, empty, or too many */
	NAME(PEER_NAME_PREFIX "4711"),
	NAME(PEER_NAME_PREFIX "4711/"),
	NAME(PEER_NAME_PREFIX "4711/3"),
	NAME(PEER_NAME_PREFIX "4711/3/1023"),
	NAME(PEER_NAME_PREFIX "4711/3/1023/"),
	NAME(PEER_NAME_PREFIX "/3/1023/1234"),
	NAME(PEER_NAME_PREFIX "4711//1023/1234"),
	NAME(PEER_NAME_PREFIX "4711/3//1234"),
	NAME(PEER_NAME_PREFIX "4711/3/1023//1234"),
	NAME(GOOD "/"),
	NAME(GOOD "/5"),
	/* what is no digit */
	NAME(GOOD "\n"),
	NAME(GOOD " "),
	NAME(GOOD "\0"),
	NAME(GOOD "\0\0\0\0\0\0\0\0"),
	NAME(PEER_NAME_PREFIX "4711/3/10\0"
                              "23/1234"),
	NAME(PEER_NAME_PREFIX "4711\0/3/1023/1234"),
	NAME("\0" GOOD),
	NAME(PEER_NAME_PREFIX "4711/3/+1023/1234"),
	NAME(PEER_NAME_PREFIX "4711/3/-1/1234"),
	NAME(PEER_NAME_PREFIX "4711/3/ 1023/1234"),
	NAME(PEER_NAME_PREFIX "4711/3/0x3ff/1234"),
	NAME(PEER_NAME_PREFIX "4711/3/1e2/1234"),
	NAME(PEER_NAME_PREFIX "4711:3:1023:1234"),
	/* as much as sun_path holds */
	NAME(GOOD "/00000000000000000000000000000000000000000000000000000000000000000000000000000"),
};

START_TEST(what_is_not_of_the_form_is_no_name)
{
	struct peer peer;

	ck_assert_msg(!parse(malformed[_i].name, malformed[_i].length, PID, &peer), "\"%s\"",
	              malformed[_i].name);
}
END_TEST

/* Nobody is process 0 or less: such is what the kernel says of one that it does not tell. */
START_TEST(a_process_that_is_not_known_has_no_name)
{
	struct peer peer;

	ck_assert(!parse(PEER_NAME_PREFIX "0/3/1023/1234", strlen(PEER_NAME_PREFIX "0/3/1023/1234"),
	                 0, &peer));
	ck_assert(!parse(GOOD, strlen(GOOD), 0, &peer));
	ck_assert(!parse(GOOD, strlen(GOOD), -1, &peer));
	ck_assert(!parse(PEER_NAME_PREFIX "4294967295/3/1023/1234",
	                 strlen(PEER_NAME_PREFIX "4294967295/3/1023/1234"), -1, &peer));
}
END_TEST

START_TEST(cut_anywhere_before_the_last_number_it_is_none)
{
	size_t last = strlen(GOOD) - strlen("1234");
	struct peer peer;

	for (size_t length = 0; length <= strlen(GOOD); length++)
		ck_assert_int_eq(parse(GOOD, length, PID, &peer), length > last);
}
END_TEST

/* The form in other words; numbers of few digits only. */
static bool is_of_form(const regex_t *form, const char *name)
{
	regmatch_t parts[3];

	return regexec(form, name, 3, parts, 0) == 0 &&
	       strtoll(name + parts[1].rm_so, NULL, 10) == PID;
}

START_TEST(any_byte_in_any_place_is_taken_or_not_as_the_form_says)
{
	struct peer peer;
	unsigned taken = 0;
	regex_t form;

	ck_assert_int_eq(regcomp(&form, "^vsock-peer[.]v1/([1-9][0-9]*)(/(0|[1-9][0-9]*)){3}$",
	                         REG_EXTENDED),
	                 0);
	for (size_t place = 0; place < strlen(GOOD); place++) {
		for (int byte = 0; byte < 256; byte++) {
			char name[] = GOOD;
			bool is_name;

			name[place] = (char)byte;
			is_name = parse(name, strlen(GOOD), PID, &peer);
			taken += is_name;
			ck_assert_msg(is_name == (byte != 0 && is_of_form(&form, name)), "\"%s\"",
			              name);
		}
	}
	regfree(&form);
	/* the prefix and the pid as they are (18 places), "3" as any digit, of the others' first not 0 */
	ck_assert_uint_eq(taken, 18 + 3 + 10 + 9 + 3 * 10 + 9 + 3 * 10);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("peer_name");
	TCase *tcase = harness_case(suite, "name");

	tcase_add_loop_test(tcase, a_name_tells_cid_and_port, 0,
	                    (int)(sizeof(good) / sizeof(good[0])));
	tcase_add_loop_test(tcase, what_is_not_of_the_form_is_no_name, 0,
	                    (int)(sizeof(malformed) / sizeof(malformed[0])));
	tcase_add_test(tcase, a_process_that_is_not_known_has_no_name);
	tcase_add_test(tcase, cut_anywhere_before_the_last_number_it_is_none);
	tcase_add_test(tcase, any_byte_in_any_place_is_taken_or_not_as_the_form_says);
	return harness_run(suite);
}
