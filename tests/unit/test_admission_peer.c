/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of guest/admission: who may not speak is turned away at the door, and changes nothing in the house. */
#include <fcntl.h>
#include <sys/wait.h>

#include "connection_fixture.h"
#include "guest/connection_private.h"
#include "peer_fixture.h"

static struct peer_server server;

/* Of the last message. */
static struct delivery last;

static void take_delivery(struct connections *connections, struct delivery *delivery)
{
	last = *delivery;
	fixture_deliver(connections, delivery);
}

static void setup(void)
{
	fixture_setup();
	server = peer_server_open(harness_path(folder, "vsock_1234"));
	all.deliver = take_delivery;
	all.peer_rule.proc_fd = -1;
}

static void teardown(void)
{
	close(server.fd);
	fixture_teardown();
}

/* A guest that comes from a port (VSN_PORT_UNKNOWN: the VMM does not say), with a whole message. */
static int guest_from(uint32_t port, const char *text)
{
	const char *name = port == VSN_PORT_UNKNOWN ? NULL : peer_own_name(port);
	int guest = peer_client(name, name ? strlen(name) : 0);
	int accepted = peer_connect(&server, guest);

	ck_assert_int_eq(write(guest, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_int_eq(shutdown(guest, SHUT_WR), 0);
	connections_add(&all, accepted);
	harness_round(&loop);
	return guest;
}

static void allow_only(uid_t uid)
{
	all.peer_rule.uids[0] = uid;
	all.peer_rule.uid_count = 1;
}

/* Its end may be one of unread bytes: the connection is reset then. */
static bool turned_away(int guest)
{
	char byte;
	ssize_t n = read(guest, &byte, 1);

	return n == 0 || (n < 0 && errno == ECONNRESET);
}

START_TEST(another_user_is_turned_away)
{
	unsigned before = harness_open_fds();
	int guest;

	allow_only(geteuid() + 1);
	guest = guest_from(VSN_PORT_UNKNOWN, "A=1");
	ck_assert(turned_away(guest));
	ck_assert_uint_eq(all.count, 0);
	ck_assert_uint_eq(all.last_id, 0);
	ck_assert_str_eq(messages, "");
	close(guest);
	ck_assert_uint_eq(harness_open_fds(), before);
	allow_only(geteuid());
	close(guest_from(VSN_PORT_UNKNOWN, "B=1"));
	ck_assert_str_eq(messages, "1:B=1;");
}
END_TEST

START_TEST(another_process_than_the_vmm_is_turned_away)
{
	all.peer_rule.vmm = INT32_MAX;
	close(guest_from(VSN_PORT_UNKNOWN, "A=1"));
	ck_assert_str_eq(messages, "");
	all.peer_rule.vmm = getpid();
	close(guest_from(VSN_PORT_UNKNOWN, "B=1"));
	ck_assert_str_eq(messages, "1:B=1;");
}
END_TEST

/* Or anybody could push the guest's connections out, and with them what it has to say. */
START_TEST(who_is_turned_away_takes_nobodys_place)
{
	int silent = guest_connect(""), guest;

	all.max = 1;
	allow_only(geteuid() + 1);
	guest = guest_from(VSN_PORT_UNKNOWN, "A=1");
	ck_assert(!guest_goes_on(silent));
	ck_assert_uint_eq(all.count, 1);
	close(guest);
	close(silent);
}
END_TEST

START_TEST(who_is_turned_away_is_not_learned_from)
{
	struct backend before;
	int guest;

	all.backend.pid = getpid() + 1;
	all.backend.passes_half_close = true;
	before = all.backend;
	allow_only(geteuid() + 1);
	guest = guest_from(VSN_PORT_UNKNOWN, "A=1");
	ck_assert_mem_eq(&all.backend, &before, sizeof(before));
	close(guest);
	/* Who is let in is another backend. */
	allow_only(geteuid());
	guest = guest_from(VSN_PORT_UNKNOWN, "A=1");
	ck_assert_int_eq(all.backend.pid, getpid());
	close(guest);
}
END_TEST

START_TEST(a_privileged_port_is_required_as_soon_as_one_was_named)
{
	close(guest_from(VSN_PORT_UNKNOWN, "A=1"));
	close(guest_from(1023, "B=1"));
	close(guest_from(1024, "C=1"));
	close(guest_from(VSN_PORT_UNKNOWN, "D=1"));
	close(guest_from(1, "E=1"));
	ck_assert_str_eq(messages, "1:A=1;2:B=1;3:E=1;");
}
END_TEST

START_TEST(a_delivery_says_who_spoke)
{
	uint32_t port = _i ? VSN_PORT_UNKNOWN : 1023;

	close(guest_from(port, "A=1"));
	ck_assert_uint_eq(last.id, 1);
	ck_assert_int_eq(last.pid, getpid());
	ck_assert_uint_eq(last.uid, geteuid());
	ck_assert_uint_eq(last.port, _i ? VSN_PORT_UNKNOWN : 1023);
}
END_TEST

static int64_t changed_to;
static unsigned changes;

static void process_changed(struct connections *connections, int64_t pid)
{
	ck_assert_ptr_eq(connections, &all);
	/* nothing of it has been read */
	ck_assert_uint_eq(connections->first->buffer.length, 0);
	ck_assert_str_eq(messages, "");
	changed_to = pid;
	changes++;
}

/* The first process (0), another one after a client (1), and another one after a VMM (2). */
START_TEST(another_process_is_told_before_it_is_read)
{
	all.process_changed = process_changed;
	all.backend = (struct backend){.pid = _i ? 4711 : 0, .stays = _i == 2};
	close(guest_from(VSN_PORT_UNKNOWN, "A=1"));
	ck_assert_uint_eq(changes, _i == 1 ? 0 : 1);
	if (_i != 1)
		ck_assert_int_eq(changed_to, getpid());
	ck_assert_str_eq(messages, "1:A=1;");
	close(guest_from(VSN_PORT_UNKNOWN, "B=1"));
	ck_assert_uint_eq(changes, _i == 1 ? 0 : 1);
}
END_TEST

/* A process that connects beside a VMM which is still there takes nobody's place; it does when the VMM has ended. */
START_TEST(a_process_beside_the_vmm_is_no_other_vm)
{
	int gate[2];
	pid_t vmm;

	ck_assert_int_eq(pipe2(gate, O_CLOEXEC), 0);
	vmm = fork();
	if (vmm == 0) {
		close(gate[1]);
		_exit((int)read(gate[0], &vmm, 1));
	}
	all.process_changed = process_changed;
	all.backend = (struct backend){.pid = vmm, .stays = true, .passes_half_close = true};
	close(guest_from(VSN_PORT_UNKNOWN, "A=1"));
	ck_assert_uint_eq(changes, 0);
	ck_assert_int_eq(all.backend.pid, vmm);
	ck_assert(all.backend.passes_half_close);
	messages[0] = '\0';
	close(gate[1]);
	/* It has ended, also while nobody has waited for it. */
	ck_assert_int_eq(waitid(P_PID, (id_t)vmm, NULL, WEXITED | WNOWAIT), 0);
	close(guest_from(VSN_PORT_UNKNOWN, "B=1"));
	ck_assert_uint_eq(changes, 1);
	ck_assert_int_eq(changed_to, getpid());
	ck_assert_int_eq(waitpid(vmm, NULL, 0), vmm);
	close(gate[0]);
}
END_TEST

/* The log's line, with what an administrator needs to allow it. */
START_TEST(who_is_turned_away_is_logged)
{
	char text[1024], expected[256];
	int ends[2], guest;
	ssize_t n;

	ck_assert_int_eq(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
	ck_assert_int_eq(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	log_set_level(VSN_LOG_WARNING);
	allow_only(geteuid() + 1);
	guest = guest_from(VSN_PORT_UNKNOWN, "A=1");
	n = read(ends[0], text, sizeof(text) - 1);
	ck_assert_int_gt(n, 0);
	text[n] = '\0';
	snprintf(expected, sizeof(expected), "process %d, user %d is refused: ", getpid(),
	         geteuid());
	ck_assert_msg(strstr(text, expected) && strstr(text, "--allow-uid="), "%s", text);
	/* Whoever tries on and on fills no disk: a burst, and the next one in half a second. */
	for (int i = 0; i < 2 * LOG_BURST; i++)
		close(guest_from(VSN_PORT_UNKNOWN, "A=1"));
	n = 0;
	for (ssize_t more; (more = read(ends[0], text, sizeof(text))) > 0;)
		for (ssize_t i = 0; i < more; i++)
			n += text[i] == '\n';
	ck_assert_int_ge(n, LOG_BURST - 1);
	ck_assert_int_lt(n, 2 * LOG_BURST);
	close(guest);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("admission_peer");
	TCase *tcase = harness_case(suite, "door");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, another_user_is_turned_away);
	tcase_add_test(tcase, another_process_than_the_vmm_is_turned_away);
	tcase_add_test(tcase, who_is_turned_away_takes_nobodys_place);
	tcase_add_test(tcase, who_is_turned_away_is_not_learned_from);
	tcase_add_test(tcase, a_privileged_port_is_required_as_soon_as_one_was_named);
	tcase_add_loop_test(tcase, a_delivery_says_who_spoke, 0, 2);
	tcase_add_loop_test(tcase, another_process_is_told_before_it_is_read, 0, 3);
	tcase_add_test(tcase, who_is_turned_away_is_logged);
	tcase = harness_case(suite, "processes");
	tcase_set_tags(tcase, "pidfd");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_process_beside_the_vmm_is_no_other_vm);
	return harness_run(suite);
}
