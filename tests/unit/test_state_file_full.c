/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of state/state_file on a file system that is full: a tmpfs of 16 KiB, in a mount namespace of the case's own.
 * Where none can be made, that is said.
 */
#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "state_file_fixture.h"

/* user_namespaces(7): a user who is nobody there can mount, and make no file. */
static void be_root_there(uid_t user, gid_t group)
{
	char map[32];

	snprintf(map, sizeof(map), "0 %u 1", user);
	harness_put_text("/proc/self/uid_map", map);
	harness_put_text("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", group);
	harness_put_text("/proc/self/gid_map", map);
}

static bool unshare_mounts(void)
{
	uid_t user = geteuid();
	gid_t group = getegid();

	if (unshare(CLONE_NEWNS) == 0)
		return true;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return false;
	be_root_there(user, group);
	return true;
}

static bool mount_small(void)
{
	if (!unshare_mounts())
		return false;
	if (mount("none", "/", "", MS_REC | MS_PRIVATE, NULL) < 0)
		return false;
	return mount("tmpfs", folder, "tmpfs", 0, "size=16k") == 0;
}

START_TEST(what_does_not_fit_leaves_what_was_there)
{
	if (!mount_small()) {
		printf("skip state_file_full: no tmpfs can be mounted here (optional)\n");
		return;
	}
	state.boots = 1;
	open_file(0600);
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	/* Each becomes four bytes: more than there is. */
	memset(state.status, '\1', STATE_STATUS_MAX);
	state.boots = 2;
	ck_assert_int_eq(state_file_replace(&file, &state), -ENOSPC);
	ck_assert_int_eq(state_file_finish(&file, &state, true), -ENOSPC);
	ck_assert_uint_eq(on_disk()->boots, 1);
	ck_assert_int_eq(access(harness_path(folder, ".s.state.new"), F_OK), -1);
	ck_assert_int_eq(access(harness_path(folder, ".s.state.stopped"), F_OK), -1);
	state.status[0] = '\0';
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	ck_assert_uint_eq(on_disk()->boots, 2);
	/* Not to be kept, it is removed though the last could not be written. */
	memset(state.status, '\1', STATE_STATUS_MAX);
	ck_assert_int_eq(state_file_finish(&file, &state, false), -ENOSPC);
	ck_assert_int_eq(access(path, F_OK), -1);
	umount2(folder, MNT_DETACH);
}
END_TEST

/* Two such states have no room beside each other; the last one may take the room of the one before. */
START_TEST(the_last_state_takes_the_room_of_the_one_before)
{
	if (!mount_small()) {
		printf("skip state_file_full: no tmpfs can be mounted here (optional)\n");
		return;
	}
	memset(state.status, '\1', 2000);
	open_file(0600);
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	ck_assert_int_eq(state_file_replace(&file, &state), -ENOSPC);
	ck_assert_int_eq(state_file_finish(&file, &state, false), 0);
	ck_assert_int_eq(access(path, F_OK), -1);
	umount2(folder, MNT_DETACH);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("state_file_full");
	TCase *tcase = harness_case(suite, "full");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, what_does_not_fit_leaves_what_was_there);
	tcase_add_test(tcase, the_last_state_takes_the_room_of_the_one_before);
	return harness_run(suite);
}
