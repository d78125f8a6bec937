/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold SOCKET COUNT: connects COUNT times and says nothing, prints a line when that is done, and
 * keeps the connections until its standard input ends. What they cost a bridge can be looked at
 * meanwhile.
 */
#include "unix_socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_un address;
	char byte;
	long count;

	if (argc != 3) {
		fputs("Usage: hold SOCKET COUNT\n", stderr);
		return 2;
	}
	address = unix_address(argv[1]);
	count = strtol(argv[2], NULL, 10);
	for (long i = 0; i < count; i++)
		unix_connect(unix_socket(SOCK_STREAM), &address);
	puts("connected");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
