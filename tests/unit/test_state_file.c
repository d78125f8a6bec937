/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of state/state_file: a file that is replaced whole, what it is not to replace, and its last name. */
#include <errno.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "state_file_fixture.h"

static unsigned names_in_folder(void)
{
	char command[256], count[16] = "";
	FILE *list;

	snprintf(command, sizeof(command), "ls -A '%s' | wc -l", folder);
	list = popen(command, "r");
	ck_assert_ptr_nonnull(list);
	ck_assert_ptr_nonnull(fgets(count, sizeof(count), list));
	pclose(list);
	return (unsigned)atoi(count);
}

START_TEST(it_is_put_in_place_and_replaced_by_another_file)
{
	struct stat first, second;

	open_file(0644);
	ck_assert_int_eq(names_in_folder(), 0);
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	ck_assert_int_eq(stat(path, &first), 0);
	state.boots = 5;
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	ck_assert_int_eq(stat(path, &second), 0);
	ck_assert_uint_ne(first.st_ino, second.st_ino);
	ck_assert_uint_eq(on_disk()->boots, 5);
	ck_assert_uint_eq(names_in_folder(), 1);
}
END_TEST

/* Whatever the umask. */
START_TEST(the_mode_is_as_asked_for)
{
	static const mode_t modes[] = {0600, 0640, 0644, 0604};
	struct stat status;

	umask(0777);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		open_file(modes[i]);
		ck_assert_int_eq(state_file_replace(&file, &state), 0);
		ck_assert_int_eq(stat(path, &status), 0);
		ck_assert_uint_eq(status.st_mode & 07777, modes[i]);
		ck_assert_int_eq(chmod(path, 0600), 0);
		state_file_close(&file);
	}
}
END_TEST

START_TEST(the_group_is_as_asked_for)
{
	gid_t groups[64], group = (gid_t)-1;
	int count = getgroups(64, groups);
	struct stat status;

	/* Any other that this process may give a file to. */
	if (geteuid() == 0)
		group = 4321;
	for (int i = 0; group == (gid_t)-1 && i < count; i++)
		if (groups[i] != getegid())
			group = groups[i];
	if (group == (gid_t)-1)
		group = getegid();
	ck_assert_int_eq(state_file_open(&file, path, 0640, group), 0);
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_gid, group);
	ck_assert_uint_eq(status.st_mode & 07777, 0640);
}
END_TEST

/* What is there is left as it is. */
static void check_foreign(const char *what)
{
	int r = state_file_open(&file, path, 0600, (gid_t)-1);

	ck_assert_msg(r == STATE_FILE_FOREIGN, "%s: %d", what, r);
	ck_assert_int_lt(file.folder_fd, 0);
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	ck_assert_int_eq(state_file_finish(&file, &state, false), 0);
}

START_TEST(what_is_no_state_is_not_replaced)
{
	char other[160];
	char *text;

	harness_put_text(path, "precious");
	check_foreign("a text");
	harness_put_text(path, "VSOCK_NOTIFY_STAT");
	check_foreign("a shorter one");
	text = harness_text(path);
	ck_assert_str_eq(text, "VSOCK_NOTIFY_STAT");
	free(text);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	check_foreign("a folder");
	ck_assert_int_eq(rmdir(path), 0);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	check_foreign("a pipe");
	ck_assert_int_eq(unlink(path), 0);
	snprintf(other, sizeof(other), "%s/other", folder);
	harness_put_text(other, "VSOCK_NOTIFY_STATE=1\nEND=1\n");
	ck_assert_int_eq(symlink("other", path), 0);
	check_foreign("a link to a state");
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(symlink("nothing", path), 0);
	check_foreign("a link to nothing");
}
END_TEST

START_TEST(an_older_state_and_an_empty_file_are_replaced)
{
	harness_put_text(path, "VSOCK_NOTIFY_STATE=99\n");
	open_file(0600);
	state_file_close(&file);
	harness_put_text(path, "");
	open_file(0600);
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	ck_assert_uint_eq(on_disk()->writer.pid, 1);
}
END_TEST

START_TEST(a_temporary_of_one_that_was_killed_is_in_nobodys_way)
{
	char stale[160], other[160];
	char *text;

	snprintf(stale, sizeof(stale), "%s/.s.state" STATE_FILE_NEW, folder);
	snprintf(other, sizeof(other), "%s/other", folder);
	harness_put_text(stale, "half of");
	open_file(0600);
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	ck_assert_uint_eq(names_in_folder(), 1);
	/* A link there is removed, not followed. */
	harness_put_text(other, "precious");
	ck_assert_int_eq(symlink("other", stale), 0);
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	text = harness_text(other);
	ck_assert_str_eq(text, "precious");
	free(text);
	/* A folder is not: that is an error. */
	ck_assert_int_eq(mkdir(stale, 0700), 0);
	ck_assert_int_eq(state_file_replace(&file, &state), -EEXIST);
	ck_assert_int_eq(access(path, F_OK), 0);
}
END_TEST

/* What inotify tells of the folder, "moved NAME " or "removed NAME ". */
static const char *told(int watch)
{
	static char list[1024];
	char bytes[4096] __attribute__((aligned(8)));
	ssize_t n = read(watch, bytes, sizeof(bytes));

	list[0] = '\0';
	for (ssize_t at = 0; at < n;) {
		const struct inotify_event *event = (const struct inotify_event *)(bytes + at);

		if (event->mask & IN_MOVED_FROM)
			sprintf(list + strlen(list), "from %s ", event->name);
		if (event->mask & IN_MOVED_TO)
			sprintf(list + strlen(list), "to %s ", event->name);
		if (event->mask & IN_DELETE)
			sprintf(list + strlen(list), "removed %s ", event->name);
		at += (ssize_t)sizeof(*event) + event->len;
	}
	return list;
}

START_TEST(the_last_one_has_a_name_that_is_told)
{
	int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	ck_assert_int_ge(watch, 0);
	open_file(0600);
	ck_assert_int_ge(inotify_add_watch(watch, folder, IN_MOVE | IN_DELETE), 0);
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	ck_assert_str_eq(told(watch), "from .s.state.new to s.state ");
	ck_assert_int_eq(state_file_finish(&file, &state, false), 0);
	ck_assert_str_eq(told(watch), "from .s.state.stopped to s.state removed s.state ");
	ck_assert_uint_eq(names_in_folder(), 0);
	state.exit_status = 255;
	ck_assert_int_eq(state_file_finish(&file, &state, true), 0);
	ck_assert_str_eq(told(watch), "from .s.state.stopped-255 to s.state ");
	ck_assert_int_eq(on_disk()->exit_status, 255);
	close(watch);
}
END_TEST

START_TEST(the_longest_name_has_a_last_one_too)
{
	char name[NAME_MAX + 2];
	char longest[512];

	state.exit_status = 255;
	memset(name, 'n', sizeof(name));
	name[STATE_FILE_NAME_MAX] = '\0';
	snprintf(longest, sizeof(longest), "%s/%s", folder, name);
	ck_assert_int_eq(state_file_open(&file, longest, 0600, (gid_t)-1), 0);
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	ck_assert_int_eq(state_file_finish(&file, &state, true), 0);
	ck_assert_int_eq(access(longest, F_OK), 0);
	state_file_close(&file);
	strcat(longest, "n");
	ck_assert_int_eq(state_file_open(&file, longest, 0600, (gid_t)-1), -ENAMETOOLONG);
	snprintf(longest, sizeof(longest), "%s/", folder);
	ck_assert_int_eq(state_file_open(&file, longest, 0600, (gid_t)-1), -ENAMETOOLONG);
}
END_TEST

START_TEST(a_path_without_a_folder_is_here)
{
	ck_assert_int_eq(chdir(folder), 0);
	ck_assert_int_eq(state_file_open(&file, "s.state", 0600, (gid_t)-1), 0);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	ck_assert_int_eq(access(path, F_OK), 0);
	state_file_close(&file);
	ck_assert_int_eq(state_file_open(&file, "/no such name", 0600, (gid_t)-1), 0);
}
END_TEST

static bool holds(const char *text)
{
	char *now = harness_text(path);
	bool same = strcmp(now, text) == 0;

	free(now);
	return same;
}

/* As somebody who is not root, who may write anywhere. Returns which step failed; 0: none. */
static int fail_to_write(void)
{
	CLEANUP_FREE char *before = NULL;

	if (geteuid() == 0 &&
	    (chown(folder, 65534, 65534) < 0 || setgid(65534) < 0 || setuid(65534) < 0))
		return 1;
	if (state_file_open(&file, path, 0644, (gid_t)-1) < 0 ||
	    state_file_replace(&file, &state) < 0)
		return 2;
	before = harness_text(path);
	chmod(folder, 0500);
	state.boots++;
	if (state_file_replace(&file, &state) != -EACCES)
		return 3;
	if (state_file_finish(&file, &state, true) != -EACCES || !holds(before))
		return 4;
	chmod(folder, 0700);
	return state_file_replace(&file, &state) < 0 || holds(before) ? 5 : 0;
}

START_TEST(a_folder_that_cannot_be_written_is_an_error_and_the_last_state_stays)
{
	pid_t child;
	int status;

	ck_assert_int_eq(state_file_open(&file, "/proc/nobody/s", 0600, (gid_t)-1), -ENOENT);
	harness_put_text(harness_path(folder, "plain"), "");
	ck_assert_int_eq(state_file_open(&file, harness_path(folder, "plain/s"), 0600, (gid_t)-1),
	                 -ENOTDIR);
	child = fork();
	if (child == 0)
		_exit(fail_to_write());
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("state_file");
	TCase *tcase = harness_case(suite, "file");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, it_is_put_in_place_and_replaced_by_another_file);
	tcase_add_test(tcase, the_mode_is_as_asked_for);
	tcase_add_test(tcase, the_group_is_as_asked_for);
	tcase_add_test(tcase, what_is_no_state_is_not_replaced);
	tcase_add_test(tcase, an_older_state_and_an_empty_file_are_replaced);
	tcase_add_test(tcase, a_temporary_of_one_that_was_killed_is_in_nobodys_way);
	tcase_add_test(tcase, the_last_one_has_a_name_that_is_told);
	tcase_add_test(tcase, the_longest_name_has_a_last_one_too);
	tcase_add_test(tcase, a_path_without_a_folder_is_here);
	tcase_add_test(tcase, a_folder_that_cannot_be_written_is_an_error_and_the_last_state_stays);
	return harness_run(suite);
}
