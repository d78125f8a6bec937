/* SPDX-License-Identifier: Apache-2.0 */
/* "completion SHELL", which the Makefile runs: prints the part of a completion script that is made from the tables of options. */
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "completion.h"

static const struct {
	const char *shell;
	void (*print)(FILE *out);
} shells[] = {
	{"bash", completion_bash},
	{"zsh", completion_zsh},
	{"fish", completion_fish},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < ARRAY_SIZE(shells); i++) {
		if (strcmp(argv[1], shells[i].shell) != 0)
			continue;
		shells[i].print(stdout);
		return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	fputs("usage: completion bash|zsh|fish\n", stderr);
	return EXIT_USAGE;
}
