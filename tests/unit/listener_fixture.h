/* SPDX-License-Identifier: Apache-2.0 */
/* A folder, a path in it to listen at, and what the tests of guest/listener ask about both. */
#ifndef LISTENER_FIXTURE_H
#define LISTENER_FIXTURE_H

#include "guest/listener.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/address.h"
#include "base/log.h"
#include "harness.h"

static char *folder;
static char path[128];
static char lock_path[160];
static struct listener listener;
static struct failure failure;
static const struct listener_options private_mode = {.mode = 0600};

static inline void listener_setup(void)
{
	log_set_level(0);
	folder = harness_folder();
	snprintf(path, sizeof(path), "%s/vsock_1234", folder);
	snprintf(lock_path, sizeof(lock_path), "%s.lock", path);
}

static inline void listener_teardown(void)
{
	harness_remove(folder);
}

/* A socket bound to path by a program that is not this one; it listens if told to. */
static inline int other_socket(int type, bool listening)
{
	struct address address;
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(address_from_path(path, &address), 0);
	ck_assert_int_eq(bind(fd, &address.any, address.length), 0);
	if (listening)
		ck_assert_int_eq(listen(fd, 8), 0);
	return fd;
}

/* The result of a connect(2) to path: a descriptor, or a negative errno. */
static inline int connected(void)
{
	struct address address;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int error;

	ck_assert_int_eq(address_from_path(path, &address), 0);
	if (connect(fd, &address.any, address.length) == 0)
		return fd;
	error = errno;
	close(fd);
	return -error;
}

static inline bool exists(const char *name)
{
	struct stat status;

	return lstat(name, &status) == 0;
}

static inline mode_t mode_of(const char *name)
{
	struct stat status;

	ck_assert_int_eq(lstat(name, &status), 0);
	return status.st_mode & 07777;
}

static inline void check_nothing_of_it_is_left(void)
{
	ck_assert(!exists(lock_path));
	ck_assert_int_eq(listener.fd, -1);
	ck_assert_int_eq(listener.lock_fd, -1);
	ck_assert_ptr_null(listener.path);
	ck_assert_ptr_null(listener.lock_path);
}

#endif
