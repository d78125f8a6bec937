/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waits until the process whose id is the argument has ended, though it is nobody's child here: what util-linux has as
 * waitpid(1) from 2.39 on. One that has ended before is no error: a stand-in for a guest ends at once.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct pollfd ended = {.events = POLLIN};

	if (argc != 2)
		return 2;
	ended.fd = (int)syscall(SYS_pidfd_open, atoi(argv[1]), 0);
	if (ended.fd < 0 && errno == ESRCH)
		return 0;
	if (ended.fd < 0 || poll(&ended, 1, -1) != 1) {
		perror("waitpid");
		return 1;
	}
	return 0;
}
