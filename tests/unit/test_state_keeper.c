/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of bridge/state_keeper: when a state is written and when not, what happens if that fails, and that a VM that went on
 * while its keeper was away is taken up (bridge/take_up).
 */
#include "bridge/state_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/magic.h>

#include "base/clock.h"
#include "bridge/take_up.h"
#include "harness.h"
#include "harness_loop.h"
#include "manager/outbox.h"
#include "state/state_format.h"

#define HOUR UINT64_C(3600000000)

/* The wall clock, for a test to move. */
static time_t wall_clock_ahead_sec;

int clock_gettime(clockid_t clock, struct timespec *now)
{
	int r = (int)syscall(SYS_clock_gettime, clock, now);

	if (clock == CLOCK_REALTIME)
		now->tv_sec += wall_clock_ahead_sec;
	return r;
}

static struct loop loop;
static struct outbox outbox;
static struct state_keeper keeper;
static struct bridge_options options;
static struct loop_timer stopper;
static char *folder;
static char socket_path[128], path[160];
static FILE *said;

static bool is_in_memory(const char *where)
{
	struct statfs status;

	ck_assert_int_eq(statfs(where, &status), 0);
	return status.f_type == TMPFS_MAGIC || status.f_type == RAMFS_MAGIC;
}

static void stop_time(struct loop_timer *timer, uint64_t now)
{
	(void)timer;
	(void)now;
	loop_stop(&loop);
}

static void setup(void)
{
	folder = harness_folder();
	snprintf(socket_path, sizeof(socket_path), "%s/vsock_1234", folder);
	snprintf(path, sizeof(path), "%s.state", socket_path);
	bridge_options_init(&options);
	ck_assert_int_eq(loop_init(&loop), 0);
	stopper.callback = stop_time;
	said = tmpfile();
	ck_assert_ptr_nonnull(said);
	ck_assert_int_ge(dup2(fileno(said), STDERR_FILENO), 0);
}

static void teardown(void)
{
	state_keeper_deinit(&keeper);
	loop_deinit(&loop);
	fclose(said);
	harness_remove(folder);
}

static void start(void)
{
	ck_assert_int_eq(state_keeper_start(&keeper, &loop, &options, &outbox, socket_path, NULL),
	                 0);
}

/* How many lines of the log have that in them. */
static unsigned lines_with(const char *what)
{
	unsigned count = 0;
	char line[1024];

	rewind(said);
	while (fgets(line, sizeof(line), said))
		count += strstr(line, what) != NULL;
	return count;
}

/* What can be done without waiting is done. */
static void settle(void)
{
	do {
		loop.stopped = false;
		loop_timer_set(&loop, &stopper, now_usec());
		ck_assert_int_eq(loop_run(&loop), 0);
	} while (loop.idle);
}

static void happens_with(uint32_t type, const char *text)
{
	const struct vsn_event event = {
		.struct_size = sizeof(event),
		.type = type,
		.now_usec = now_usec(),
		.text = text,
		.length = text ? strlen(text) : 0,
	};

	state_keeper_event(&keeper, &event);
}

static void connection_ends(void)
{
	const struct connection_end end = {
		.accepted_usec = now_usec(),
		.held_usec = UINT64_C(1) << 40,
		.bytes = 7,
		.port = VSN_PORT_UNKNOWN,
	};

	state_keeper_connection(&keeper, &end);
}

static ino_t inode(void)
{
	struct stat status;

	return stat(path, &status) < 0 ? 0 : status.st_ino;
}

static const struct state *published(void)
{
	static struct state state;
	char *text = harness_text(path);

	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(state_read(&state, text, NULL), STATE_FINE);
	free(text);
	return &state;
}

START_TEST(it_is_there_from_the_start_and_says_whose_it_is)
{
	const struct state *state;
	struct stat status, namespace;

	start();
	state = published();
	ck_assert_int_eq(state->life, STATE_WAITING);
	ck_assert_str_eq(state->vsock, harness_path(folder, "vsock"));
	ck_assert_uint_eq(state->port, 1234);
	ck_assert_int_eq(state->writer.pid, getpid());
	ck_assert_uint_gt(state->writer.start_ticks, 0);
	ck_assert_int_eq(stat("/proc/self/ns/pid", &namespace), 0);
	ck_assert_uint_eq(state->writer.pid_namespace, namespace.st_ino);
	ck_assert_str_eq(state->name, strrchr(folder, '/') + 1);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0600);
}
END_TEST

/* Its connect(2) needs the right to write. */
START_TEST(who_may_connect_may_read)
{
	static const mode_t modes[][2] = {{0600, 0600}, {0660, 0640}, {0666, 0644},
	                                  {0620, 0640}, {0602, 0604}, {0000, 0600}};
	struct stat status;

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		options.listener.mode = modes[i][0];
		start();
		ck_assert_int_eq(stat(path, &status), 0);
		ck_assert_uint_eq(status.st_mode & 07777, modes[i][1]);
		state_keeper_deinit(&keeper);
	}
}
END_TEST

START_TEST(what_moves_is_written_at_once_and_then_at_a_distance)
{
	ino_t first;

	start();
	first = inode();
	keeper.written_usec = 0;
	happens_with(VSN_EVENT_GUEST_BOOTING, NULL);
	happens_with(VSN_EVENT_GUEST_FIELD, "X_A=1");
	ck_assert_uint_eq(inode(), first); /* not before the loop is idle */
	settle();
	ck_assert_uint_ne(inode(), first);
	ck_assert_int_eq(published()->life, STATE_BOOTING);
	first = inode();
	keeper.written_usec = now_usec() + HOUR;
	happens_with(VSN_EVENT_GUEST_FIELD, "X_A=2");
	ck_assert_ptr_null(loop.idle);
	ck_assert_uint_eq(harness_deadline(&loop), keeper.written_usec + STATE_MOVED_USEC);
	settle();
	ck_assert_uint_eq(inode(), first);
	harness_fire(&loop, 0);
	settle();
	ck_assert_str_eq(state_field(published(), "X_A"), "2");
	ck_assert_uint_eq(harness_deadline(&loop), 0);
}
END_TEST

START_TEST(the_soonest_of_several_changes_counts_and_all_are_written)
{
	start();
	happens_with(VSN_EVENT_GUEST_FIELD, "X_A=1");
	keeper.written_usec = now_usec() + HOUR;
	keeper.change = STATE_SAME;
	connection_ends();
	ck_assert_uint_eq(harness_deadline(&loop), keeper.written_usec + STATE_COUNTED_USEC);
	happens_with(VSN_EVENT_GUEST_STATUS, "x");
	ck_assert_uint_eq(harness_deadline(&loop), keeper.written_usec + STATE_TOLD_USEC);
	happens_with(VSN_EVENT_GUEST_READY, NULL);
	ck_assert_uint_eq(harness_deadline(&loop), keeper.written_usec + STATE_MOVED_USEC);
	/* What matters less puts nothing off. */
	connection_ends();
	happens_with(VSN_EVENT_GUEST_STATUS, "y");
	ck_assert_uint_eq(harness_deadline(&loop), keeper.written_usec + STATE_MOVED_USEC);
	outbox.delivered = 5;
	outbox.dropped = 6;
	harness_fire(&loop, 0);
	settle();
	ck_assert_int_eq(published()->life, STATE_READY);
	ck_assert_str_eq(published()->status, "y");
	ck_assert_uint_eq(published()->connections, 2);
	ck_assert_uint_eq(published()->held_max_usec, UINT32_MAX);
	ck_assert_uint_eq(published()->delivered, 5);
	ck_assert_uint_eq(published()->dropped, 6);
}
END_TEST

START_TEST(nothing_is_written_where_nothing_has_changed)
{
	ino_t before;

	start();
	happens_with(VSN_EVENT_GUEST_FIELD, "X_A=1");
	happens_with(VSN_EVENT_GUEST_STATUS, "x");
	keeper.written_usec = 0;
	keeper.change = STATE_SAME;
	happens_with(VSN_EVENT_GUEST_READY, NULL);
	settle();
	before = inode();
	keeper.written_usec = 0;
	for (int i = 0; i < 100; i++) {
		happens_with(VSN_EVENT_GUEST_FIELD, "X_A=1");
		happens_with(VSN_EVENT_GUEST_STATUS, "x");
		happens_with(VSN_EVENT_GUEST_READY, NULL);
		happens_with(VSN_EVENT_GUEST_FIELD, "STATUS=x");
	}
	settle();
	ck_assert_uint_eq(inode(), before);
	ck_assert_uint_eq(harness_deadline(&loop), 0);
}
END_TEST

START_TEST(the_end_is_written_and_removed_or_kept)
{
	start();
	state_keeper_finish(&keeper, 3);
	ck_assert_uint_eq(inode(), 0);
	state_keeper_deinit(&keeper);
	state_keeper_finish(&keeper, 3);
	options.keep_state = true;
	options.name = "called";
	start();
	state_keeper_finish(&keeper, 3);
	ck_assert_int_eq(published()->life, STATE_STOPPED);
	ck_assert_int_eq(published()->exit_status, 3);
	ck_assert_str_eq(published()->name, "called");
}
END_TEST

START_TEST(none_is_kept_where_none_is_wanted_or_can_be)
{
	options.no_state = true;
	start();
	happens_with(VSN_EVENT_GUEST_READY, NULL);
	connection_ends();
	settle();
	state_keeper_finish(&keeper, 0);
	ck_assert_uint_eq(inode(), 0);
	ck_assert_ptr_null(keeper.state);
	options.no_state = false;
	/* A socket without a name in the file system. */
	ck_assert_int_eq(state_keeper_start(&keeper, &loop, &options, &outbox, "", NULL), 0);
	ck_assert_ptr_null(keeper.state);
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_warned_of_once)
{
	options.state = "/proc/nobody/s.state";
	start();
	happens_with(VSN_EVENT_GUEST_BOOTING, NULL);
	for (int i = 0; i < 3; i++) {
		keeper.written_usec = 0;
		happens_with(VSN_EVENT_GUEST_FIELD, i % 2 ? "X_A=1" : "X_A=2");
		settle();
	}
	state_keeper_finish(&keeper, 0);
	ck_assert_uint_eq(lines_with("no state file /proc/nobody/s.state"), 1);
	ck_assert_int_eq(keeper.state->boots, 1);
}
END_TEST

/* A write fails for a while. Nothing happens meanwhile that would bring the next one about. */
START_TEST(a_write_that_failed_is_tried_again_until_it_succeeds)
{
	char stale[200];

	start();
	snprintf(stale, sizeof(stale), "%s/.vsock_1234.state.new", folder);
	ck_assert_int_eq(mkdir(stale, 0700), 0);
	keeper.written_usec = 0;
	happens_with(VSN_EVENT_GUEST_READY, NULL);
	settle();
	for (int i = 0; i < 3; i++) {
		ck_assert_uint_eq(harness_deadline(&loop), keeper.written_usec + STATE_RETRY_USEC);
		/* What changes does not make the tries more. */
		happens_with(VSN_EVENT_GUEST_STATUS, i % 2 ? "x" : "y");
		ck_assert_ptr_null(loop.idle);
		harness_fire(&loop, 0);
		settle();
	}
	ck_assert_uint_eq(lines_with("cannot write the state file"), 1);
	ck_assert_uint_eq(lines_with("is written again"), 0);
	ck_assert_int_eq(published()->life, STATE_WAITING);
	ck_assert_int_eq(rmdir(stale), 0);
	harness_fire(&loop, 0);
	settle();
	ck_assert_int_eq(published()->life, STATE_READY);
	ck_assert_str_eq(published()->status, "y");
	ck_assert_uint_eq(lines_with("is written again"), 1);
	ck_assert_uint_eq(harness_deadline(&loop), 0);
}
END_TEST

/* Of each write: the clock may be set, and the host may sleep, meanwhile. */
START_TEST(the_wall_clock_is_asked_at_each_write)
{
	uint64_t before;

	start();
	before = published()->realtime_usec;
	wall_clock_ahead_sec = 3600;
	keeper.written_usec = 0;
	happens_with(VSN_EVENT_GUEST_READY, NULL);
	settle();
	ck_assert_uint_gt(published()->realtime_usec, before + HOUR - 10000000);
	ck_assert_uint_lt(published()->realtime_usec, before + HOUR + 10000000);
}
END_TEST

/* A guest whose program connects and changes its mind, without end, makes no more writes than one whose program sends. */
START_TEST(a_storm_of_lost_messages_is_written_at_a_distance)
{
	ino_t before;

	start();
	before = inode();
	keeper.written_usec = now_usec() + HOUR;
	for (int i = 0; i < 10000; i++) {
		happens_with(VSN_EVENT_GUEST_LOST, NULL);
		ck_assert_ptr_null(loop.idle);
	}
	ck_assert_uint_eq(harness_deadline(&loop), keeper.written_usec + STATE_COUNTED_USEC);
	settle();
	ck_assert_uint_eq(inode(), before);
	harness_fire(&loop, 0);
	settle();
	ck_assert_uint_eq(published()->lost_messages, 10000);
	ck_assert_uint_eq(published()->life_lost_messages, 10000);
	ck_assert_uint_eq(harness_deadline(&loop), 0);
}
END_TEST

/* --- a state that is taken up */

static pid_t vmm;

/* A folder in memory, and a process that connects for the guest. */
static void setup_vm(void)
{
	static char file[64];

	setup();
	ck_assert(is_in_memory("/dev/shm"));
	snprintf(file, sizeof(file), "/dev/shm/%d.state", getpid());
	snprintf(path, sizeof(path), "%s", file);
	options.state = file;
	options.keep_state = true;
	vmm = fork();
	if (vmm == 0) {
		pause();
		_exit(0);
	}
}

static void end_vm(void)
{
	kill(vmm, SIGKILL);
	ck_assert_int_eq(waitpid(vmm, NULL, 0), vmm);
}

static void teardown_vm(void)
{
	if (waitpid(vmm, NULL, WNOHANG) == 0)
		end_vm();
	unlink(path);
	teardown();
}

static void happens_to_vm(uint32_t type, int64_t number)
{
	const struct vsn_event event = {
		.struct_size = sizeof(event),
		.type = type,
		.now_usec = now_usec(),
		.number = number,
	};

	state_keeper_event(&keeper, &event);
}

/* A guest that was known, and is ready. */
static void live(void)
{
	start();
	happens_to_vm(VSN_EVENT_VM_PROCESS, vmm);
	happens_to_vm(VSN_EVENT_GUEST_BOOTING, 0);
	happens_with(VSN_EVENT_GUEST_FIELD, "X_A=1");
	happens_with(VSN_EVENT_GUEST_UNIT_ACTIVE, "basic.target");
	happens_with(VSN_EVENT_GUEST_LOST, NULL);
	happens_to_vm(VSN_EVENT_GUEST_READY, 0);
	connection_ends();
	outbox.delivered = 5;
	keeper.written_usec = 0;
	keeper.change = STATE_SAME;
	happens_with(VSN_EVENT_GUEST_STATUS, "up");
	settle();
}

static void restart(bool in_order)
{
	if (in_order)
		state_keeper_finish(&keeper, -1);
	state_keeper_deinit(&keeper);
	outbox.delivered = 0;
	start();
}

/* Whether the writer ended in order or was killed. */
START_TEST(a_vm_that_went_on_is_taken_up)
{
	uint64_t ready_usec;

	live();
	ck_assert_uint_ne(keeper.state->process_id, 0);
	ready_usec = keeper.state->ready_usec;
	restart(_i);
	ck_assert(keeper.taken_up);
	ck_assert_int_eq(take_up_number(keeper.state), VSN_TAKEN_UP_READY);
	ck_assert_int_eq(published()->life, STATE_READY);
	ck_assert_uint_eq(published()->since_usec, ready_usec);
	ck_assert_uint_eq(published()->ready_usec, ready_usec);
	ck_assert_uint_eq(published()->boots, 1);
	ck_assert_uint_eq(published()->connections, 1);
	ck_assert_uint_eq(published()->delivered, 5);
	ck_assert_uint_eq(published()->lost_messages, 1);
	ck_assert_uint_eq(published()->life_lost_messages, 1);
	ck_assert_uint_eq(published()->lost_count, 1);
	ck_assert_int_eq(published()->process, vmm);
	ck_assert_int_eq(published()->last_life, STATE_WAITING);
	ck_assert_str_eq(published()->status, "up");
	ck_assert_str_eq(state_field(published(), "X_A"), "1");
	outbox.delivered = 2;
	restart(true);
	ck_assert_uint_eq(published()->delivered, 7);
}
END_TEST

START_TEST(one_that_has_ended_is_not)
{
	live();
	end_vm();
	restart(_i);
	ck_assert(!keeper.taken_up);
	ck_assert_int_eq(published()->life, STATE_WAITING);
	ck_assert_uint_eq(published()->boots, 0);
}
END_TEST

START_TEST(another_process_of_the_same_pid_is_not)
{
	live();
	keeper.state->process_id++;
	restart(true);
	ck_assert(!keeper.taken_up);
}
END_TEST

START_TEST(another_vms_state_is_not)
{
	live();
	options.name = "other";
	restart(true);
	ck_assert(!keeper.taken_up);
	ck_assert_str_eq(published()->name, "other");
}
END_TEST

static const uint32_t ends[] = {VSN_EVENT_GUEST_EXIT, VSN_EVENT_GUEST_PANIC,
                                VSN_EVENT_GUEST_WAITING};

START_TEST(a_guest_that_is_not_there_any_more_is_not)
{
	live();
	happens_to_vm(ends[_i], 0);
	restart(true);
	ck_assert(!keeper.taken_up);
}
END_TEST

START_TEST(what_the_guest_was_doing_is_told)
{
	live();
	happens_to_vm(VSN_EVENT_GUEST_EMERGENCY, 0);
	restart(true);
	ck_assert_int_eq(take_up_number(keeper.state), VSN_TAKEN_UP_EMERGENCY);
	happens_to_vm(VSN_EVENT_GUEST_BOOTING, 0);
	restart(true);
	ck_assert_int_eq(take_up_number(keeper.state), VSN_TAKEN_UP_NOT_READY);
}
END_TEST

/* It could have been put there by somebody else, or be of another boot. */
START_TEST(only_a_file_of_our_own_in_memory_is_read)
{
	static char on_disk[160];

	live();
	if (geteuid() == 0) {
		state_keeper_finish(&keeper, -1);
		ck_assert_int_eq(chown(path, 1, (gid_t)-1), 0);
		state_keeper_deinit(&keeper);
		start();
		ck_assert(!keeper.taken_up);
	}
	state_keeper_deinit(&keeper);
	snprintf(on_disk, sizeof(on_disk), "%s/x.state", folder);
	options.state = on_disk;
	live();
	restart(true);
	ck_assert_int_eq(keeper.taken_up, is_in_memory(folder));
}
END_TEST

START_TEST(what_is_no_state_is_an_error_and_left_alone)
{
	struct failure failure = {0};

	harness_put_text(path, "precious");
	ck_assert_int_eq(
		state_keeper_start(&keeper, &loop, &options, &outbox, socket_path, &failure),
		STATE_FILE_FOREIGN);
	ck_assert_ptr_nonnull(strstr(failure.line, "is there and is no state file"));
	ck_assert_uint_eq(lines_with("is there and is no state file"), 0);
	state_keeper_finish(&keeper, 0);
	ck_assert_uint_ne(inode(), 0);
}
END_TEST

/* A service manager's socket may be called anything. */
START_TEST(a_socket_without_a_port_in_its_name)
{
	const struct state *state;

	snprintf(socket_path, sizeof(socket_path), "%s/a_b", folder);
	snprintf(path, sizeof(path), "%s.state", socket_path);
	start();
	state = published();
	ck_assert_str_eq(state->vsock, socket_path);
	ck_assert_str_eq(state->name, "a_b");
	ck_assert_uint_eq(state->port, 1234);
}
END_TEST

START_TEST(what_matters_more_is_due_sooner)
{
	ck_assert_uint_eq(state_keeper_due(STATE_MOVED, 5), 10005);
	ck_assert_uint_eq(state_keeper_due(STATE_TOLD, 5), 100005);
	ck_assert_uint_eq(state_keeper_due(STATE_COUNTED, 5), 1000005);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("state_keeper");
	TCase *tcase = harness_case(suite, "keeper");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, what_matters_more_is_due_sooner);
	tcase_add_test(tcase, it_is_there_from_the_start_and_says_whose_it_is);
	tcase_add_test(tcase, who_may_connect_may_read);
	tcase_add_test(tcase, what_moves_is_written_at_once_and_then_at_a_distance);
	tcase_add_test(tcase, the_soonest_of_several_changes_counts_and_all_are_written);
	tcase_add_test(tcase, nothing_is_written_where_nothing_has_changed);
	tcase_add_test(tcase, the_end_is_written_and_removed_or_kept);
	tcase_add_test(tcase, none_is_kept_where_none_is_wanted_or_can_be);
	tcase_add_test(tcase, a_folder_that_is_not_there_is_warned_of_once);
	tcase_add_test(tcase, a_write_that_failed_is_tried_again_until_it_succeeds);
	tcase_add_test(tcase, the_wall_clock_is_asked_at_each_write);
	tcase_add_test(tcase, a_storm_of_lost_messages_is_written_at_a_distance);
	tcase_add_test(tcase, what_is_no_state_is_an_error_and_left_alone);
	tcase_add_test(tcase, a_socket_without_a_port_in_its_name);
	tcase = harness_case(suite, "take-up");
	tcase_set_tags(tcase, "pidfd");
	tcase_add_checked_fixture(tcase, setup_vm, teardown_vm);
	tcase_add_loop_test(tcase, a_vm_that_went_on_is_taken_up, 0, 2);
	tcase_add_loop_test(tcase, one_that_has_ended_is_not, 0, 2);
	tcase_add_test(tcase, another_process_of_the_same_pid_is_not);
	tcase_add_test(tcase, another_vms_state_is_not);
	tcase_add_loop_test(tcase, a_guest_that_is_not_there_any_more_is_not, 0, 3);
	tcase_add_test(tcase, what_the_guest_was_doing_is_told);
	tcase_add_test(tcase, only_a_file_of_our_own_in_memory_is_read);
	return harness_run(suite);
}
