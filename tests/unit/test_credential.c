/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/credential: a user's own vmm.notify_socket is known again, in whatever form it has. */
#include "run/vmm/credential.h"

#include "harness.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* Where the row says no port, it is to be left as it was. */
#define UNTOUCHED 77

static const struct {
	const char *address;
	enum credential_found found;
	uint32_t port;
} addresses[] = {
	{"vsock-stream:2:1234", CREDENTIAL_USABLE, 1234},
	{"vsock-stream:2:1", CREDENTIAL_USABLE, 1},
	{"vsock-stream:2:4294967294", CREDENTIAL_USABLE, 4294967294},
	{"vsock:2:1234", CREDENTIAL_DATAGRAM, UNTOUCHED},
	{"vsock-dgram:2:1234", CREDENTIAL_DATAGRAM, UNTOUCHED},
	{"vsock-seqpacket:2:1234", CREDENTIAL_DATAGRAM, UNTOUCHED},
	{"/run/systemd/notify", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"@abstract", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"vsock-stream:2", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"vsock-stream:2:", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"vsock-stream:3:1234", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"vsock-stream::1234", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"vsock-stream:2:1234x", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"vsock-stream:2:1234:5", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"vsock-stream:2: 1234", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"vsock-stream:2:-1", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"vsock-stream:2:0", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"vsock-stream:2:4294967295", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"vsock-stream:2:4294968530", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"vsock-stream:2:99999999999999999999", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"vsock-stream:2:00000000000000000000000000000000000000000000000000000000001234",
         CREDENTIAL_UNKNOWN, UNTOUCHED},
};

static void check(int row, enum credential_found found, uint32_t port)
{
	ck_assert_msg(found == addresses[row].found, "%s: %d, not %d", addresses[row].address,
	              found, addresses[row].found);
	if (found == CREDENTIAL_USABLE)
		ck_assert_uint_eq(port, addresses[row].port);
}

START_TEST(an_address_is_known_in_an_oem_string)
{
	char text[256];
	uint32_t port = UNTOUCHED;
	int length =
		snprintf(text, sizeof(text), "%s%s", CREDENTIAL_OEM_PREFIX, addresses[_i].address);
	enum credential_found found = credential_in_oem_string(text, (size_t)length, &port);

	check(_i, found, port);
}
END_TEST

START_TEST(an_address_is_known_on_a_command_line)
{
	char text[256];
	uint32_t port = UNTOUCHED;
	enum credential_found found;

	/* A word of a command line has no blank in it. */
	if (strchr(addresses[_i].address, ' '))
		return;
	snprintf(text, sizeof(text), "console=ttyS0 %s%s  quiet", CREDENTIAL_CMDLINE_PREFIX,
	         addresses[_i].address);
	found = credential_in_cmdline(text, &port);
	check(_i, found, port);
}
END_TEST

START_TEST(an_oem_string_ends_where_its_length_says)
{
	static const char text[] = CREDENTIAL_OEM_PREFIX "vsock-stream:2:1234";
	uint32_t port;

	ck_assert_int_eq(credential_in_oem_string(text, strlen(text) - 1, &port),
	                 CREDENTIAL_USABLE);
	ck_assert_uint_eq(port, 123);
	ck_assert_int_eq(credential_in_oem_string(text, strlen(CREDENTIAL_OEM_PREFIX), &port),
	                 CREDENTIAL_UNKNOWN);
	ck_assert_int_eq(credential_in_oem_string(text, strlen(CREDENTIAL_OEM_PREFIX) - 1, &port),
	                 CREDENTIAL_ABSENT);
}
END_TEST

static const char *const others[] = {
	"",
	"io.systemd.credential:vmm.notify_socke=vsock-stream:2:1",
	"io.systemd.credential:vmm.notify_socket2=vsock-stream:2:1",
	"xio.systemd.credential:vmm.notify_socket=vsock-stream:2:1",
	"io.systemd.credential:ssh.listen=vsock:2:1",
	"vsock-stream:2:1234",
};

START_TEST(another_oem_string_is_none)
{
	uint32_t port;

	ck_assert_int_eq(credential_in_oem_string(others[_i], strlen(others[_i]), &port),
	                 CREDENTIAL_ABSENT);
}
END_TEST

static const struct {
	const char *cmdline;
	enum credential_found found;
	uint32_t port;
} cmdlines[] = {
	{"", CREDENTIAL_ABSENT, UNTOUCHED},
	{"   ", CREDENTIAL_ABSENT, UNTOUCHED},
	{"console=hvc0 root=/dev/vda1", CREDENTIAL_ABSENT, UNTOUCHED},
	{"xsystemd.set_credential=vmm.notify_socket:vsock-stream:2:1", CREDENTIAL_ABSENT,
         UNTOUCHED},
	{"systemd.set_credential=vmm.notify_socket2:vsock-stream:2:1", CREDENTIAL_ABSENT,
         UNTOUCHED},
	{"systemd.set_credential=vmm.notify_socket:vsock-stream:2:9", CREDENTIAL_USABLE, 9},
	{"  quiet systemd.set_credential=vmm.notify_socket:vsock-stream:2:9 ", CREDENTIAL_USABLE,
         9},
	{"a\tsystemd.set_credential=vmm.notify_socket:vsock-stream:2:9\nb", CREDENTIAL_USABLE, 9},
	{"systemd.set_credential=ssh.listen:x "
         "systemd.set_credential=vmm.notify_socket:vsock-stream:2:9",
         CREDENTIAL_USABLE, 9},
};

START_TEST(a_command_line_is_looked_at_word_by_word)
{
	uint32_t port = UNTOUCHED;

	ck_assert_int_eq(credential_in_cmdline(cmdlines[_i].cmdline, &port), cmdlines[_i].found);
	ck_assert_uint_eq(port, cmdlines[_i].port);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("credential");
	TCase *tcase = harness_case(suite, "found");

	tcase_add_loop_test(tcase, an_address_is_known_in_an_oem_string, 0, COUNT(addresses));
	tcase_add_loop_test(tcase, an_address_is_known_on_a_command_line, 0, COUNT(addresses));
	tcase_add_test(tcase, an_oem_string_ends_where_its_length_says);
	tcase_add_loop_test(tcase, another_oem_string_is_none, 0, COUNT(others));
	tcase_add_loop_test(tcase, a_command_line_is_looked_at_word_by_word, 0, COUNT(cmdlines));
	return harness_run(suite);
}
