/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of guest/peer: who may speak, as tables. No process is asked about: test_peer_descent does that. */
#include "guest/peer.h"

#include "harness.h"

#define VMM     700
#define UNNAMED VSN_PORT_UNKNOWN

/* --- which processes */

static const struct {
	const char *what;
	pid_t vmm;
	uid_t uids[3];
	unsigned uid_count;
	int64_t pid;
	uid_t uid;
	bool may;
} processes[] = {
	{"no rule: anybody", 0, {0}, 0, 800, 1000, true},
	{"no rule: root", 0, {0}, 0, 1, 0, true},
	{"no rule: a process the kernel does not tell", 0, {0}, 0, 0, 1000, true},
	{"the VMM", VMM, {0}, 0, VMM, 1000, true},
	{"another process", VMM, {0}, 0, 800, 1000, false},
	{"another process, of root", VMM, {0}, 0, 800, 0, false},
	{"another process, next to it", VMM, {0}, 0, VMM + 1, 1000, false},
	{"PID 1", VMM, {0}, 0, 1, 0, false},
	{"a process of another PID namespace", VMM, {0}, 0, 0, 1000, false},
	{"nobody", VMM, {0}, 0, -1, (uid_t)-1, false},
	{"an allowed user", 0, {1000}, 1, 800, 1000, true},
	{"another user", 0, {1000}, 1, 800, 1001, false},
	{"root, not allowed", 0, {1000}, 1, 800, 0, false},
	{"root, allowed", 0, {0}, 1, 800, 0, true},
	{"the first of three", 0, {1000, 1001, 1002}, 3, 800, 1000, true},
	{"the last of three", 0, {1000, 1001, 1002}, 3, 800, 1002, true},
	{"one after the last", 0, {1000, 1001, 1002}, 2, 800, 1002, false},
	{"a user that is not known", 0, {1000}, 1, 800, (uid_t)-1, false},
	{"the VMM, beside allowed users", VMM, {1000}, 1, VMM, 5, true},
	{"an allowed user, beside the VMM", VMM, {1000}, 1, 800, 1000, true},
	{"neither", VMM, {1000}, 1, 800, 5, false},
};

START_TEST(processes_are_allowed_by_descent_or_user)
{
	struct peer_rule rule = {
		.vmm = processes[_i].vmm,
		.uid_count = processes[_i].uid_count,
		.proc_fd = -1,
	};
	struct peer peer = {
		.pid = processes[_i].pid, .uid = processes[_i].uid, .port = VSN_PORT_UNKNOWN};
	const char *refusal;

	memcpy(rule.uids, processes[_i].uids, sizeof(processes[_i].uids));
	refusal = peer_refusal(&rule, &peer);
	ck_assert_msg(!refusal == processes[_i].may, "%s: %s", processes[_i].what,
	              refusal ? refusal : "may");
	if (refusal)
		ck_assert_msg(strstr(refusal, "--allow-uid="), "%s", refusal);
}
END_TEST

START_TEST(sixteen_users_are_allowed)
{
	struct peer_rule rule = {.uid_count = PEER_UIDS_MAX, .proc_fd = -1};
	struct peer peer = {.pid = 800, .port = VSN_PORT_UNKNOWN};

	for (unsigned i = 0; i < PEER_UIDS_MAX; i++)
		rule.uids[i] = 1000 + i;
	for (peer.uid = 1000; peer.uid < 1000 + PEER_UIDS_MAX; peer.uid++)
		ck_assert_ptr_null(peer_refusal(&rule, &peer));
	ck_assert_ptr_nonnull(peer_refusal(&rule, &peer));
}
END_TEST

/* --- which ports */

#define STEPS_MAX 8
#define END                  \
	{                    \
		-2, 0, false \
	}

static const struct {
	const char *what;
	enum peer_privileged privileged;
	/* One connection after the other; pid -2 ends them. */
	struct {
		int64_t pid;
		uint32_t port;
		bool may;
	} steps[STEPS_MAX];
} ports[] = {
	{"auto: a VMM that names none",
         PEER_PRIVILEGED_AUTO,
         {{7, UNNAMED, true}, {7, UNNAMED, true}, {8, UNNAMED, true}, END}},
	{"auto: a VMM that names them, the edges",
         PEER_PRIVILEGED_AUTO,
         {{7, 0, true},
          {7, 1, true},
          {7, 1023, true},
          {7, 1024, false},
          {7, UNNAMED - 1, false},
          END}},
	{"auto: no name after a name",
         PEER_PRIVILEGED_AUTO,
         {{7, UNNAMED, true},
          {7, 512, true},
          {7, UNNAMED, false},
          {7, UNNAMED, false},
          {7, 512, true},
          END}},
	{"auto: a name that is refused shows it too",
         PEER_PRIVILEGED_AUTO,
         {{7, 2000, false}, {7, UNNAMED, false}, {7, 512, true}, END}},
	{"auto: another process that names none, before and after",
         PEER_PRIVILEGED_AUTO,
         {{8, UNNAMED, true}, {7, 512, true}, {8, UNNAMED, true}, {7, UNNAMED, false}, END}},
	{"auto: a VMM after another, the last that named ports counts",
         PEER_PRIVILEGED_AUTO,
         {{7, 512, true},
          {8, 512, true},
          {8, UNNAMED, false},
          {7, 512, true},
          {7, UNNAMED, false},
          END}},
	{"auto: processes that the kernel does not tell name none",
         PEER_PRIVILEGED_AUTO,
         {{0, UNNAMED, true},
          {0, UNNAMED, true},
          {-1, UNNAMED, true},
          {7, 512, true},
          {0, UNNAMED, true},
          END}},
	{"yes: no name is refused from the first",
         PEER_PRIVILEGED_YES,
         {{7, UNNAMED, false},
          {7, 512, true},
          {7, UNNAMED, false},
          {8, UNNAMED, false},
          {0, UNNAMED, false},
          END}},
	{"yes: the edges",
         PEER_PRIVILEGED_YES,
         {{7, 0, true}, {7, 1023, true}, {7, 1024, false}, {7, UNNAMED - 1, false}, END}},
	{"no: all the same",
         PEER_PRIVILEGED_NO,
         {{7, UNNAMED, true},
          {7, 1023, true},
          {7, 1024, true},
          {7, UNNAMED - 1, true},
          {7, UNNAMED, true},
          END}},
};

START_TEST(ports_are_required_as_the_rule_says)
{
	struct peer_rule rule = {.proc_fd = -1, .privileged = ports[_i].privileged};

	for (unsigned i = 0; ports[_i].steps[i].pid != -2; i++) {
		struct peer peer = {.pid = ports[_i].steps[i].pid,
		                    .uid = 1000,
		                    .port = ports[_i].steps[i].port};
		const char *refusal = peer_refusal(&rule, &peer);

		ck_assert_msg(!refusal == ports[_i].steps[i].may, "%s, step %u: %s", ports[_i].what,
		              i, refusal ? refusal : "may");
		if (refusal)
			ck_assert_msg(strstr(refusal, "--require-privileged-port="), "%s", refusal);
	}
}
END_TEST

/* Whoever may not speak cannot bring about that the VMM may not either. */
START_TEST(a_process_that_is_refused_shows_nothing)
{
	struct peer_rule rule = {.vmm = VMM, .proc_fd = -1};
	struct peer stranger = {.pid = 800, .uid = 1000, .port = 512};
	struct peer vmm = {.pid = VMM, .uid = 1000, .port = VSN_PORT_UNKNOWN};

	ck_assert_ptr_nonnull(strstr(peer_refusal(&rule, &stranger), "--allow-uid="));
	ck_assert_int_eq(rule.names_ports, 0);
	ck_assert_ptr_null(peer_refusal(&rule, &vmm));
	vmm.port = 512;
	ck_assert_ptr_null(peer_refusal(&rule, &vmm));
	ck_assert_int_eq(rule.names_ports, VMM);
	/* ... nor that it need not name its port any more. */
	peer_refusal(&rule, &stranger);
	vmm.port = VSN_PORT_UNKNOWN;
	ck_assert_ptr_nonnull(peer_refusal(&rule, &vmm));
}
END_TEST

START_TEST(an_allowed_user_is_asked_for_the_port_all_the_same)
{
	struct peer_rule rule = {.uids = {1000}, .uid_count = 1, .proc_fd = -1};
	struct peer peer = {.pid = 800, .uid = 1000, .port = 1024};

	ck_assert_ptr_nonnull(peer_refusal(&rule, &peer));
	peer.port = 1023;
	ck_assert_ptr_null(peer_refusal(&rule, &peer));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("peer");
	TCase *tcase = harness_case(suite, "rules");

	tcase_add_loop_test(tcase, processes_are_allowed_by_descent_or_user, 0,
	                    (int)(sizeof(processes) / sizeof(processes[0])));
	tcase_add_test(tcase, sixteen_users_are_allowed);
	tcase_add_loop_test(tcase, ports_are_required_as_the_rule_says, 0,
	                    (int)(sizeof(ports) / sizeof(ports[0])));
	tcase_add_test(tcase, a_process_that_is_refused_shows_nothing);
	tcase_add_test(tcase, an_allowed_user_is_asked_for_the_port_all_the_same);
	return harness_run(suite);
}
