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
	{"vsock-stream:host:1234", CREDENTIAL_USABLE, 1234},
	{"vsock-stream:2:1234\n", CREDENTIAL_LINE_END, UNTOUCHED},
	{"vsock-stream:2:1234\r\n", CREDENTIAL_LINE_END, UNTOUCHED},
	{"vsock-stream:3:1234\n", CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"\n", CREDENTIAL_UNKNOWN, UNTOUCHED},
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

	/* A word of a command line has neither blanks nor line ends in it. */
	if (strpbrk(addresses[_i].address, " \n"))
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
	/* Quotes, dashes and Base64, as systemd takes them. */
	{"'systemd.set_credential=vmm.notify_socket:vsock-stream:2:9'", CREDENTIAL_USABLE, 9},
	{"systemd.set_credential=\"vmm.notify_socket:vsock-stream:2:9\"", CREDENTIAL_USABLE, 9},
	{"a=\"b c\" systemd.set_credential=vmm.notify_socket:'vsock-stream:2:9' d",
         CREDENTIAL_USABLE, 9},
	{"systemd.set-credential=vmm.notify_socket:vsock-stream:2:9", CREDENTIAL_USABLE, 9},
	{"systemd.set-credential=vmm.notify-socket:vsock-stream:2:9", CREDENTIAL_ABSENT, UNTOUCHED},
	{"systemd.set_credential_binary=vmm.notify_socket:dnNvY2stc3RyZWFtOjI6Nzc=",
         CREDENTIAL_USABLE, 77},
	{"systemd.set-credential-binary=vmm.notify_socket:dnNvY2stc3RyZWFtOjI6Nzc=",
         CREDENTIAL_USABLE, 77},
	{"systemd.set_credential_binary=vmm.notify_socket:dnNvY2stc3RyZWFtOjI6NzcK",
         CREDENTIAL_LINE_END, UNTOUCHED},
	/* The first one that can be decoded counts. */
	{"systemd.set_credential_binary=vmm.notify_socket:! "
         "systemd.set_credential=vmm.notify_socket:vsock-stream:2:9",
         CREDENTIAL_USABLE, 9},
	{"systemd.set_credential=vmm.notify_socket:vsock-stream:2:8 "
         "systemd.set_credential=vmm.notify_socket:vsock-stream:2:9",
         CREDENTIAL_USABLE, 8},
	{"systemd.set_credential=vmm.notify_socket: "
         "systemd.set_credential=vmm.notify_socket:vsock-stream:2:9",
         CREDENTIAL_UNKNOWN, UNTOUCHED},
	/* An open quote takes in what follows. */
	{"a=\"b systemd.set_credential=vmm.notify_socket:vsock-stream:2:9", CREDENTIAL_ABSENT,
         UNTOUCHED},
	/* What is for the initrd never counts. */
	{"rd.systemd.set_credential=vmm.notify_socket:vsock-stream:2:9", CREDENTIAL_ABSENT,
         UNTOUCHED},
	{"systemd.set_credential vmm.notify_socket:vsock-stream:2:9", CREDENTIAL_ABSENT, UNTOUCHED},
};

START_TEST(a_command_line_is_looked_at_word_by_word)
{
	uint32_t port = UNTOUCHED;

	ck_assert_int_eq(credential_in_cmdline(cmdlines[_i].cmdline, &port), cmdlines[_i].found);
	ck_assert_uint_eq(port, cmdlines[_i].port);
}
END_TEST

/* The words vsock-stream:2:77, vsock:2:77, and others, as Base64. */
#define STREAM_77   "dnNvY2stc3RyZWFtOjI6Nzc="
#define DATAGRAM_77 "dnNvY2s6Mjo3Nw=="
#define LINE_END_77 "dnNvY2stc3RyZWFtOjI6NzcK"
#define NUL_77      "dnNvY2stc3RyZWFtOjI6NzcA"
#define BINARY      "io.systemd.credential.binary:vmm.notify_socket="

static const struct {
	const char *text;
	enum credential_found found;
	uint32_t port;
} binaries[] = {
	{BINARY STREAM_77, CREDENTIAL_USABLE, 77},
	{BINARY "dnNvY2s tc3RyZWFt OjI6Nzc=", CREDENTIAL_USABLE, 77},
	{BINARY DATAGRAM_77, CREDENTIAL_DATAGRAM, UNTOUCHED},
	{BINARY LINE_END_77, CREDENTIAL_LINE_END, UNTOUCHED},
	{BINARY NUL_77, CREDENTIAL_UNKNOWN, UNTOUCHED},
	{BINARY, CREDENTIAL_UNKNOWN, UNTOUCHED},
	/* systemd skips what it cannot decode, and looks on. */
	{BINARY "vsock-stream:2:77", CREDENTIAL_ABSENT, UNTOUCHED},
	{BINARY "dnNvY2stc3RyZWFtOjI6Nzc", CREDENTIAL_ABSENT, UNTOUCHED},
	{BINARY
         "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"
         "QUFBQUFBQUFBQUFB",
         CREDENTIAL_UNKNOWN, UNTOUCHED},
	{"io.systemd.credential.binary:ssh.listen=" STREAM_77, CREDENTIAL_ABSENT, UNTOUCHED},
	{"io.systemd.credential.binary:vmm.notify_socket", CREDENTIAL_ABSENT, UNTOUCHED},
	/* The plain form takes Base64 as it is. */
	{CREDENTIAL_OEM_PREFIX STREAM_77, CREDENTIAL_UNKNOWN, UNTOUCHED},
};

START_TEST(a_binary_oem_string_is_decoded)
{
	uint32_t port = UNTOUCHED;
	const char *text = binaries[_i].text;

	ck_assert_int_eq(credential_in_oem_string(text, strlen(text), &port), binaries[_i].found);
	ck_assert_uint_eq(port, binaries[_i].port);
}
END_TEST

static const struct {
	const char *cmdline;
	bool forbidden;
} imports[] = {
	{"quiet", false},
	{"systemd.import_credentials", false},
	{"systemd.import_credentials=yes", false},
	{"systemd.import_credentials=no", true},
	{"systemd.import-credentials=OFF quiet", true},
	{"\"systemd.import_credentials=0\"", true},
	{"systemd.import_credentials=no systemd.import_credentials=yes", false},
	{"systemd.import_credentials=yes systemd.import_credentials=false", true},
	{"systemd.import_credentials=no systemd.import_credentials", true},
	{"systemd.import_credentials=never", false},
	{"rd.systemd.import_credentials=no", false},
};

START_TEST(a_command_line_can_forbid_credentials)
{
	ck_assert_int_eq(credential_is_forbidden(imports[_i].cmdline), imports[_i].forbidden);
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
	tcase_add_loop_test(tcase, a_binary_oem_string_is_decoded, 0, COUNT(binaries));
	tcase_add_loop_test(tcase, a_command_line_can_forbid_credentials, 0, COUNT(imports));
	return harness_run(suite);
}
