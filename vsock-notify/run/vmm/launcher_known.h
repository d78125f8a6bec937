/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The launchers that launcher.c knows, and their options, from their manual pages (sudo 1.9, util-linux 2.41, coreutils 9.7,
 * numactl 2.0, iproute2 6.15, strace 6.13, bubblewrap 0.11,
 * systemd 257). Which of them close descriptors was read there, too, and in the sources
 * of systemd-inhibit (src/login/inhibit.c of systemd 262), OpenDoas and passt.
 */
#ifndef LAUNCHER_KNOWN_H
#define LAUNCHER_KNOWN_H

#include <stdbool.h>

enum launcher_kind {
	PLAIN, /* options, operands, command */
	SEARCH, /* too many options to know: the command follows "--", or is the first word that is a VMM's name */
	IP,      /* ip [options] netns exec NAME command; ip vrf exec NAME command */
	SHELL,   /* "-c STRING" is a command that cannot be read */
	SU,      /* its command is always such a string */
	ENV,     /* "-S STRING" is one */
	SUDO,    /* closes descriptors above 2, or from the one that -C says */
	SCOPE,   /* systemd-run: only with --scope it is this process that becomes the command */
	PRIORITY /* chrt: the operand is left out with some policies */
};

struct known_launcher {
	const char *name;
	enum launcher_kind kind;
	const char *short_values; /* letters of the options that take a value; NULL: none */
	const char *
		short_optional; /* of those whose value may follow in the same word only; NULL: none */
	const char *long_values;    /* their names, each between two spaces; NULL: none */
	const char *long_pairs;     /* names of those that take two values; NULL: none */
	unsigned operands;          /* in front of the command */
	bool assignments;           /* NAME=VALUE may stand there, too */
	bool closes;                /* it closes descriptors above 2 ... */
	const char *keep;           /* ... but not with an option that begins so */
	char user_letter;           /* the option whose value is a user */
	const char *user_name;      /* the same; "": the operand is a user */
	char fork_letter;           /* the option that makes it exit at once */
	const char *folder_letters; /* the options that change the working directory */
	const char *folder_name;    /* the same */
	const char *
		root_letters; /* the options that change the root folder, or what is mounted in it */
	const char *root_names; /* their names, each between two spaces; "": it always does */
};

/* The launcher with the program's file name; NULL: it is not known. */
const struct known_launcher *launcher_known(const char *program);

#endif
