/* SPDX-License-Identifier: Apache-2.0 */
/* Socket activation (see listener_inherit()). */
#include "activation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/inherited_fds.h"
#include "base/parse.h"
#include "base/same_file.h"

/* The first descriptor that is passed, sd_listen_fds(3). */
#define LISTEN_FDS_START 3

/* How many sockets were passed to this process and not to its parent. */
static uint64_t passed_fds(void)
{
	const char *pid_text = getenv("LISTEN_PID");
	const char *count_text = getenv("LISTEN_FDS");
	uint64_t pid, count;

	if (!pid_text || !count_text || parse_u64(pid_text, &pid) < 0 ||
	    parse_u64(count_text, &count) < 0 || pid != (uint64_t)getpid())
		return 0;
	return count;
}

static int socket_option(int fd, int option)
{
	int value = -1;
	socklen_t size = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &size) < 0 ? -1 : value;
}

static bool is_listening_unix_stream(int fd)
{
	return socket_option(fd, SO_DOMAIN) == AF_UNIX &&
	       socket_option(fd, SO_TYPE) == SOCK_STREAM && socket_option(fd, SO_ACCEPTCONN) == 1;
}

/* Where the socket fd is bound, in *address. Its path ends in a NUL. */
static const char *path_of(int fd, struct sockaddr_un *address)
{
	socklen_t size = sizeof(*address) - 1;

	*address = (struct sockaddr_un){0};
	getsockname(fd, (struct sockaddr *)address, &size);
	return address->sun_path;
}

static bool name_same_file(const char *one, const char *other)
{
	struct stat first, second;

	if (strcmp(one, other) == 0)
		return true;
	return stat(one, &first) == 0 && stat(other, &second) == 0 && is_same_file(&first, &second);
}

/* Makes the passed socket one that our loop can use. */
static int set_up(int fd)
{
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0)
		return -errno;
	/* A socket unit's Backlog= may be smaller; a second listen(2) changes only that. */
	listen(fd, LISTENER_BACKLOG);
	return 0;
}

int listener_inherit(struct listener *listener, const char *path, struct failure *failure)
{
	uint64_t count = passed_fds();
	struct sockaddr_un address;
	int r;

	*listener = (struct listener){.fd = -1, .lock_fd = -1};
	inherited_fds_unset_passed();
	if (count == 0)
		return 0;
	if (count > 1)
		return failure_set(
			failure, -EINVAL,
			"$LISTEN_FDS passes %llu sockets: exactly one is served, one ListenStream= "
			"a socket unit",
			(unsigned long long)count);
	if (!is_listening_unix_stream(LISTEN_FDS_START))
		return failure_set(failure, -EINVAL,
		                   "the socket in $LISTEN_FDS is not a listening unix stream "
		                   "socket: use ListenStream=/path and Accept=no");
	if (path && !name_same_file(path_of(LISTEN_FDS_START, &address), path))
		return failure_set(
			failure, -EINVAL,
			"the socket in $LISTEN_FDS is at %s, and VSOCK says %s: leave VSOCK "
			"out, or write ListenStream=%s",
			path_of(LISTEN_FDS_START, &address), path, path);
	r = set_up(LISTEN_FDS_START);
	if (r < 0)
		return failure_set(failure, r, "the socket in $LISTEN_FDS cannot be set up: %s",
		                   strerror(-r));
	listener->fd = LISTEN_FDS_START;
	return 1;
}
