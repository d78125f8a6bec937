/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A VMM whose guest's last message is out milliseconds before it exits: connects to $LAST_SOCKET, sends
 * $LAST_TEXT, and is gone. Its arguments are as they are; it exits with $LAST_STATUS.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *path = getenv("LAST_SOCKET");
	const char *text = getenv("LAST_TEXT");
	const char *status = getenv("LAST_STATUS");
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (!path || strlen(path) >= sizeof(address.sun_path) || !text || !status) {
		fputs("run-last: set LAST_SOCKET, LAST_TEXT and LAST_STATUS\n", stderr);
		return 2;
	}
	strcpy(address.sun_path, path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    send(fd, text, strlen(text), MSG_NOSIGNAL) != (ssize_t)strlen(text)) {
		perror("run-last");
		return 1;
	}
	_exit(atoi(status));
}
