/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test shares: a main() of one line, temporary folders, whole files, non-blocking pairs of sockets. */
#ifndef HARNESS_H
#define HARNESS_H

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* For a case under valgrind on a busy machine; a case that hangs fails here. */
#define HARNESS_TIMEOUT_SEC 60

/* Runs the cases of a suite, each in a child of its own, and prints TAP. Returns the exit status. */
static inline int harness_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static inline TCase *harness_case(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_set_timeout(tcase, HARNESS_TIMEOUT_SEC);
	suite_add_tcase(suite, tcase);
	return tcase;
}

/* A new empty folder's path, short enough for socket names. To be given to harness_remove(). */
static inline char *harness_folder(void)
{
	char *folder = strdup("/tmp/vsn-unit-XXXXXX");

	ck_assert_ptr_nonnull(folder);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	return folder;
}

static inline int harness_remove_one(const char *path, const struct stat *status, int flag,
                                     struct FTW *place)
{
	(void)status;
	(void)flag;
	(void)place;
	return remove(path);
}

static inline void harness_remove(char *folder)
{
	nftw(folder, harness_remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(folder);
}

/*
 * For what is checked very often: libcheck tells its parent of each ck_assert, which is a system call, and minutes in
 * valgrind.
 */
#define harness_check(condition, ...)              \
	do {                                       \
		if (!(condition))                  \
			ck_abort_msg(__VA_ARGS__); \
	} while (0)

/* folder/name, in a buffer that the next call overwrites. */
static inline const char *harness_path(const char *folder, const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static inline void harness_put_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

/* Everything in a file of less than 64 KiB, to be freed; NULL: there is none. */
static inline char *harness_text(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text;
	size_t n;

	if (!file)
		return NULL;
	text = calloc(1, 65536);
	ck_assert_ptr_nonnull(text);
	n = fread(text, 1, 65535, file);
	ck_assert_uint_lt(n, 65535);
	fclose(file);
	return text;
}

static inline void harness_pair(int ends[2])
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends),
	                 0);
}

/* How many file descriptors this process has open. */
static inline unsigned harness_open_fds(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

#endif
