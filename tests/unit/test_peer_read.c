/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of guest/peer: what the kernel says of a connection, asked about real ones. */
#include <sys/stat.h>
#include <sys/wait.h>

#include "peer_fixture.h"

static struct peer_server server;
static char *folder;

static void setup(void)
{
	folder = harness_folder();
	server = peer_server_open(harness_path(folder, "vsock_1234"));
}

static void teardown(void)
{
	close(server.fd);
	harness_remove(folder);
}

/* What is read of a client that binds itself so, after memory was anything. */
static struct peer read_client(int client)
{
	int accepted = peer_connect(&server, client);
	struct peer peer;

	memset(&peer, 0x55, sizeof(peer));
	peer_read(accepted, &peer);
	close(client);
	close(accepted);
	return peer;
}

static void check_self(const struct peer *peer, uint32_t port)
{
	ck_assert_int_eq(peer->pid, getpid());
	ck_assert_uint_eq(peer->uid, geteuid());
	ck_assert_uint_eq(peer->port, port);
	if (port != VSN_PORT_UNKNOWN)
		ck_assert_uint_eq(peer->cid, 3);
}

START_TEST(a_connection_without_a_name_tells_its_process_and_user)
{
	struct peer peer = read_client(peer_client(NULL, 0));

	check_self(&peer, VSN_PORT_UNKNOWN);
}
END_TEST

START_TEST(its_own_name_tells_the_port)
{
	const char *name = peer_own_name(1023);
	struct peer peer = read_client(peer_client(name, strlen(name)));

	check_self(&peer, 1023);
}
END_TEST

START_TEST(the_name_of_another_process_is_none)
{
	char name[64];
	struct peer peer;

	snprintf(name, sizeof(name), PEER_NAME_PREFIX "%d/3/1023/1234", getppid());
	peer = read_client(peer_client(name, strlen(name)));
	check_self(&peer, VSN_PORT_UNKNOWN);
}
END_TEST

/* A whole sun_path as it is zeroed, a name of no bytes, one that fills sun_path. */
START_TEST(the_name_counts_to_its_last_byte)
{
	char bytes[sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1] = {0};
	const char *name = peer_own_name(1023);
	struct peer peer;

	memcpy(bytes, name, strlen(name));
	peer = read_client(peer_client(bytes, sizeof(bytes)));
	check_self(&peer, VSN_PORT_UNKNOWN);
	peer = read_client(peer_client(bytes, strlen(name) + 1));
	check_self(&peer, VSN_PORT_UNKNOWN);
	peer = read_client(peer_client(bytes, strlen(name) - strlen("/1234")));
	check_self(&peer, VSN_PORT_UNKNOWN);
	peer = read_client(peer_client(bytes, 0));
	check_self(&peer, VSN_PORT_UNKNOWN);
	memset(bytes + strlen(name), '1', sizeof(bytes) - strlen(name));
	peer = read_client(peer_client(bytes, sizeof(bytes)));
	check_self(&peer, VSN_PORT_UNKNOWN);
}
END_TEST

START_TEST(a_name_that_the_kernel_chose_is_none)
{
	struct sockaddr_un any = {.sun_family = AF_UNIX};
	int client = peer_client(NULL, 0);
	struct peer peer;

	ck_assert_int_eq(bind(client, (struct sockaddr *)&any, sizeof(any.sun_family)), 0);
	peer = read_client(client);
	check_self(&peer, VSN_PORT_UNKNOWN);
}
END_TEST

/* A path that reads as the name, whatever its first byte is taken for. */
START_TEST(a_path_is_none)
{
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	int client = peer_client(NULL, 0), home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct peer peer;

	ck_assert_int_eq(chdir(folder), 0);
	snprintf(local.sun_path, sizeof(local.sun_path), "%s%.80s", _i ? "x" : "",
	         peer_own_name(1023));
	for (char *slash = strchr(local.sun_path, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		ck_assert_int_eq(mkdir(local.sun_path, 0700), 0);
		*slash = '/';
	}
	ck_assert_int_eq(bind(client, (struct sockaddr *)&local, sizeof(local)), 0);
	peer = read_client(client);
	check_self(&peer, VSN_PORT_UNKNOWN);
	ck_assert_int_eq(fchdir(home), 0);
	close(home);
}
END_TEST

/* The one that connects counts, not the one that reads, nor one whose name it takes. */
START_TEST(it_is_the_process_that_connected)
{
	const char *parents = peer_own_name(1023);
	int status, accepted;
	struct peer peer;
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		const char *name = _i ? parents : peer_own_name(7);
		int client = peer_client(name, _i ? strlen(parents) : strlen(name));

		_exit(connect(client, &server.address.any, server.address.length) == 0 ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	accepted = accept4(server.fd, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_ge(accepted, 0);
	peer_read(accepted, &peer);
	ck_assert_int_eq(peer.pid, child);
	ck_assert_uint_eq(peer.port, _i ? VSN_PORT_UNKNOWN : 7);
	close(accepted);
}
END_TEST

START_TEST(what_is_no_connection_is_nobodys)
{
	struct peer peer;

	memset(&peer, 0x55, sizeof(peer));
	peer_read(_i ? server.fd : -1, &peer);
	if (_i == 0) {
		ck_assert_int_eq(peer.pid, -1);
		ck_assert_uint_eq(peer.uid, (uid_t)-1);
	}
	ck_assert_uint_eq(peer.port, VSN_PORT_UNKNOWN);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("peer_read");
	TCase *tcase = harness_case(suite, "read");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_connection_without_a_name_tells_its_process_and_user);
	tcase_add_test(tcase, its_own_name_tells_the_port);
	tcase_add_test(tcase, the_name_of_another_process_is_none);
	tcase_add_test(tcase, the_name_counts_to_its_last_byte);
	tcase_add_test(tcase, a_name_that_the_kernel_chose_is_none);
	tcase_add_loop_test(tcase, a_path_is_none, 0, 2);
	tcase_add_loop_test(tcase, it_is_the_process_that_connected, 0, 2);
	tcase_add_loop_test(tcase, what_is_no_connection_is_nobodys, 0, 2);
	return harness_run(suite);
}
