/* SPDX-License-Identifier: Apache-2.0 */
/*
 * show table|svg FILE: a state file's timeline, as "vsock-notify timeline" shows it, without the search for the file. So a golden text is
 * one of the functions that make it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "show/timeline/timeline_views.h"
#include "state/state_format.h"

int main(int argc, char **argv)
{
	static struct state state;
	static char text[1 << 17];
	enum state_fault fault;
	unsigned line;
	FILE *file;

	if (argc != 3) {
		fprintf(stderr, "usage: show table|svg FILE\n");
		return 2;
	}
	file = fopen(argv[2], "r");
	if (!file) {
		perror(argv[2]);
		return EXIT_FAILURE;
	}
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	fault = state_read(&state, text, &line);
	if (fault != STATE_FINE) {
		fprintf(stderr, "%s %s (line %u)\n", argv[2], state_fault_name(fault), line);
		return EXIT_FAILURE;
	}
	if (strcmp(argv[1], "svg") == 0)
		timeline_svg(&state, stdout);
	else
		timeline_print(&state, stdout);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
