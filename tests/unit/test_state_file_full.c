/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of state/state_file on a file system that is full: a tmpfs of 16 KiB, in a mount namespace of the case's own.
 * Where none can be made, that is said.
 */
#include "../../vsock-notify/state/state_file.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "../../vsock-notify/state/state_read.h"
#include "harness.h"

static struct state state, back;

static bool mount_small(const char *folder)
{
	if (unshare(CLONE_NEWNS) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return false;
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return false;
	return mount("tmpfs", folder, "tmpfs", 0, "size=16k") == 0;
}

static unsigned boots_in(const char *path)
{
	static char text[16384];
	FILE *file = fopen(path, "re");

	ck_assert_ptr_nonnull(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	ck_assert_int_eq(state_read(&back, text, NULL), STATE_FINE);
	return back.boots;
}

START_TEST(what_does_not_fit_leaves_what_was_there)
{
	char *folder = harness_folder();
	struct state_file file;
	char path[128];

	if (!mount_small(folder)) {
		printf("skip state_file_full: no tmpfs can be mounted here (optional)\n");
		harness_remove(folder);
		return;
	}
	snprintf(path, sizeof(path), "%s/s.state", folder);
	state_init(&state, 1);
	state.writer.pid = 1;
	state.boots = 1;
	ck_assert_int_eq(state_file_open(&file, path, 0600, (gid_t)-1), 0);
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	/* Each becomes four bytes: more than there is. */
	memset(state.status, '\1', STATE_STATUS_MAX);
	state.boots = 2;
	ck_assert_int_eq(state_file_replace(&file, &state), -ENOSPC);
	ck_assert_int_eq(state_file_finish(&file, &state, true), -ENOSPC);
	ck_assert_uint_eq(boots_in(path), 1);
	ck_assert_int_eq(access(harness_path(folder, ".s.state.new"), F_OK), -1);
	ck_assert_int_eq(access(harness_path(folder, ".s.state.stopped"), F_OK), -1);
	state.status[0] = '\0';
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	ck_assert_uint_eq(boots_in(path), 2);
	/* Not to be kept, it is removed though the last could not be written. */
	memset(state.status, '\1', STATE_STATUS_MAX);
	ck_assert_int_eq(state_file_finish(&file, &state, false), -ENOSPC);
	ck_assert_int_eq(access(path, F_OK), -1);
	state_file_close(&file);
	umount2(folder, MNT_DETACH);
	harness_remove(folder);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("state_file_full");
	TCase *tcase = harness_case(suite, "full");

	tcase_add_test(tcase, what_does_not_fit_leaves_what_was_there);
	return harness_run(suite);
}
