/* SPDX-License-Identifier: Apache-2.0 */
/* Programs in front of a VMM (see launcher.h). */
#include "launcher.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "plan.h"

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
	const char *long_values;  /* their names, each between two spaces; NULL: none */
	unsigned operands;        /* in front of the command */
	bool assignments;         /* NAME=VALUE may stand there, too */
	bool closes;              /* it closes descriptors above 2 ... */
	const char *keep;         /* ... but not with an option that begins so */
	char user_letter;         /* the option whose value is a user */
	const char *user_name;    /* the same; "": the operand is a user */
	char fork_letter;         /* the option that makes it exit at once */
};

static const struct known_launcher known[] = {
	{.name = "sudo",
         .kind = SUDO,
         .short_values = "CDghpRrTtUu",
         .long_values = " close-from chdir group host prompt chroot role type command-timeout "
                        "other-user user ",
         .assignments = true,
         .user_letter = 'u',
         .user_name = "user"},
	{.name = "doas", .closes = true, .short_values = "aCu", .user_letter = 'u'},
	{.name = "env",
         .kind = ENV,
         .short_values = "uCaS",
         .long_values = " unset chdir argv0 split-string ",
         .assignments = true},
	{.name = "nice", .short_values = "n", .long_values = " adjustment "},
	{.name = "ionice", .short_values = "cn", .long_values = " class classdata "},
	{.name = "chrt",
         .kind = PRIORITY,
         .short_values = "TPD",
         .long_values = " sched-runtime sched-period sched-deadline "},
	{.name = "taskset", .operands = 1},
	{.name = "numactl",
         .short_values = "iwNCmPp",
         .long_values = " interleave weighted-interleave cpunodebind physcpubind membind "
                        "preferred-many preferred "},
	{.name = "prlimit", .short_values = "o", .long_values = " output "},
	{.name = "choom", .short_values = "n", .long_values = " adjust "},
	{.name = "setpriv",
         .long_values =
                 " ambient-caps inh-caps bounding-set ruid euid reuid rgid egid regid groups "
                 "securebits "
                 "pdeathsig ptracer selinux-label apparmor-profile landlock-access landlock-rule "
                 "seccomp-filter ",
         .user_name = "reuid"},
	{.name = "unshare",
         .short_values = "RwSGl",
         .long_values = " root wd setuid setgid map-user map-group map-users map-groups "
                        "propagation setgroups "
                        "monotonic boottime load-interp "},
	{.name = "nsenter", .short_values = "tSG", .long_values = " target setuid setgid "},
	{.name = "setsid", .fork_letter = 'f'},
	{.name = "nohup"},
	{.name = "stdbuf", .short_values = "ioe", .long_values = " input output error "},
	{.name = "timeout",
         .short_values = "ks",
         .long_values = " kill-after signal ",
         .operands = 1},
	{.name = "time", .short_values = "fo", .long_values = " format output "},
	{.name = "flock",
         .short_values = "wE",
         .long_values = " timeout wait conflict-exit-code ",
         .operands = 1},
	{.name = "strace",
         .short_values = "abeEIoOpPsSuUX",
         .long_values = " columns detach-on env trace output attach trace-path string-limit user "
                        "const-print-style ",
         .user_letter = 'u',
         .user_name = "user"},
	{.name = "runuser",
         .kind = SHELL,
         .short_values = "ugGsw",
         .long_values = " user group supp-group shell whitelist-environment ",
         .user_letter = 'u',
         .user_name = "user"},
	{.name = "systemd-run",
         .kind = SCOPE,
         .short_values = "HMpuEtC",
         .long_values =
                 " host machine property unit slice description service-type uid gid nice "
                 "working-directory setenv on-active on-boot on-startup on-unit-active "
                 "on-unit-inactive "
                 "on-calendar timer-property path-property socket-property background job-mode "
                 "root-directory ",
         .user_name = "uid"},
	{.name = "systemd-inhibit", .closes = true, .long_values = " what who why mode "},
	{.name = "systemd-cat",
         .short_values = "tp",
         .long_values = " identifier priority stderr-priority level-prefix "},
	{.name = "cgexec", .short_values = "g"},
	{.name = "chpst", .short_values = "uUbe/nlLmdopfcrt", .user_letter = 'u'},
	{.name = "s6-setuidgid", .operands = 1, .user_name = ""},
	{.name = "setuidgid", .operands = 1, .user_name = ""},
	{.name = "gosu", .operands = 1, .user_name = ""},
	{.name = "su-exec", .operands = 1, .user_name = ""},
	{.name = "catatonit"},
	{.name = "tini", .short_values = "pe"},
	{.name = "dumb-init", .short_values = "r", .long_values = " rewrite "},
	{.name = "eatmydata"},
	{.name = "ip", .kind = IP, .short_values = "nfb", .long_values = " netns family batch "},
	{.name = "perf", .kind = SEARCH},
	{.name = "gdb", .kind = SEARCH},
	{.name = "rr", .kind = SEARCH},
	{.name = "valgrind", .kind = SEARCH},
	{.name = "ltrace", .kind = SEARCH},
	{.name = "heaptrack", .kind = SEARCH},
	{.name = "bwrap", .kind = SEARCH},
	{.name = "firejail", .kind = SEARCH, .closes = true, .keep = "--keep-fd="},
	{.name = "pasta", .kind = SEARCH, .closes = true},
	{.name = "capsh", .kind = SEARCH},
	{.name = "dbus-run-session", .kind = SEARCH},
	{.name = "setarch", .kind = SEARCH},
	{.name = "linux64", .kind = SEARCH},
	{.name = "cpulimit", .kind = SEARCH},
	{.name = "busybox", .kind = SEARCH},
	{.name = "sh", .kind = SHELL, .short_values = "o"},
	{.name = "bash", .kind = SHELL, .short_values = "oO", .long_values = " rcfile init-file "},
	{.name = "dash", .kind = SHELL, .short_values = "o"},
	{.name = "zsh", .kind = SHELL, .short_values = "o"},
	{.name = "su", .kind = SU},
};

/* What the options of one launcher said. */
struct options_seen {
	bool string;       /* the command is in a string */
	bool scope;        /* --scope */
	bool forks;        /* the option that makes it exit at once */
	bool all;          /* ip -all: there is no name behind "exec" */
	bool keeps;        /* the option that keeps descriptors open */
	const char *user;  /* value of the option for a user */
	const char *above; /* value of sudo's -C: the first descriptor that it closes */
};

static const struct known_launcher *find_known(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (strcmp(basename(word), known[i].name) == 0)
			return &known[i];
	return NULL;
}

static bool is_listed(const char *names, const char *name, size_t length)
{
	for (const char *at = names; at && (at = strchr(at, ' ')) && at[1]; at++)
		if (strncmp(at + 1, name, length) == 0 && at[length + 1] == ' ')
			return true;
	return false;
}

static bool is_name(const char *name, size_t length, const char *wanted)
{
	return wanted && strlen(wanted) == length && strncmp(name, wanted, length) == 0;
}

/* Reads the long option in words[0]. Returns the number of words that it takes. */
static size_t read_long(const struct known_launcher *launcher, const char *const *words,
                        struct options_seen *seen)
{
	const char *name = words[0] + 2;
	size_t length = strcspn(name, "=");
	bool apart = name[length] == '\0' && is_listed(launcher->long_values, name, length);
	const char *value = name[length] == '=' ? name + length + 1 : apart ? words[1] : NULL;

	seen->keeps |=
		launcher->keep && strncmp(words[0], launcher->keep, strlen(launcher->keep)) == 0;
	if (is_name(name, length, launcher->user_name))
		seen->user = value;
	if (is_name(name, length, "close-from"))
		seen->above = value;
	seen->scope |= is_name(name, length, "scope");
	seen->string |= is_name(name, length, launcher->kind == ENV ? "split-string" : "command");
	seen->forks |= launcher->fork_letter && is_name(name, length, "fork");
	return apart && words[1] ? 2 : 1;
}

/* The same for a word of short options. */
static size_t read_short(const struct known_launcher *launcher, const char *const *words,
                         struct options_seen *seen)
{
	seen->all |= launcher->kind == IP && strncmp(words[0], "-a", 2) == 0;
	for (const char *letter = words[0] + 1; *letter; letter++) {
		const char *value = letter[1] ? letter + 1 : words[1];

		seen->string |= *letter == (launcher->kind == ENV ? 'S' : 'c');
		seen->forks |= *letter == launcher->fork_letter;
		if (!launcher->short_values || !strchr(launcher->short_values, *letter))
			continue;
		if (*letter == launcher->user_letter)
			seen->user = value;
		if (*letter == 'C')
			seen->above = value;
		return letter[1] || !words[1] ? 1 : 2;
	}
	return 1;
}

static bool is_assignment(const char *word)
{
	return strchr(word, '=') && strcspn(word, "/") > strcspn(word, "=");
}

/* Returns the index of the word behind the launcher's options and variables. */
static size_t behind_options(const struct known_launcher *launcher, const char *const *words,
                             struct options_seen *seen)
{
	size_t i = 1;
	bool options = true;

	/* sudo(8) takes variables between its options, too. */
	while (words[i]) {
		if (!options || words[i][0] != '-') {
			if (!launcher->assignments || !is_assignment(words[i]))
				break;
			i++;
		} else if (strcmp(words[i], "--") == 0) {
			options = false;
			i++;
		} else {
			i += words[i][1] == '-' ? read_long(launcher, words + i, seen)
			                        : read_short(launcher, words + i, seen);
		}
	}
	return i;
}

static size_t skip(const char *const *words, size_t i, size_t count)
{
	for (; count && words[i]; count--)
		i++;
	return i;
}

/* The command behind "--", or the first word that looks like a VMM's program. Returns 0 if there is none. */
static size_t search(const char *const *words)
{
	for (size_t i = 1; words[i]; i++)
		if (strcmp(words[i], "--") == 0 && words[i + 1] && words[i + 1][0] != '-')
			return i + 1;
	for (size_t i = 1; words[i]; i++)
		if (words[i][0] != '-' && !strpbrk(words[i], "= ") &&
		    vmm_kind_of(VMM_AUTO, words[i]) != VMM_OTHER)
			return i;
	return 0;
}

/* "netns exec NAME" and "vrf exec NAME"; ip(8) takes abbreviations. */
static size_t behind_ip(const char *const *words, size_t i, bool all)
{
	if (!words[i] || !words[i + 1] || words[i + 1][0] != 'e')
		return 0;
	return skip(words, i + 2, all ? 0 : 1);
}

/* sudo(8) closes descriptors from 3 on, or from the one that its -C says. */
static bool sudo_closes(const char *above, int descriptor)
{
	return !above || atoi(above) <= descriptor;
}

static void note(struct launcher *launcher, const struct known_launcher *one,
                 const struct options_seen *seen, int descriptor)
{
	if (seen->user)
		launcher->user = seen->user;
	launcher->forks |= seen->forks;
	if (one->kind == SUDO ? sudo_closes(seen->above, descriptor) : one->closes && !seen->keeps)
		launcher->closes = one->name;
	if (one->kind == SCOPE && !seen->scope)
		launcher->away = one->name;
	if (one->kind == SU || ((one->kind == SHELL || one->kind == ENV) && seen->string))
		launcher->shell = one->name;
}

/* The first word that is exactly a VMM's name, behind a program that nobody here knows. */
static size_t search_exactly(const char *const *words)
{
	static const char *const names[] = {"cloud-hypervisor", "firecracker", "jailer",
	                                    "qemu-kvm"};

	for (size_t i = 1; words[i]; i++) {
		const char *name = basename(words[i]);

		if (strncmp(name, "qemu-system-", 12) == 0 && !strpbrk(name, ".="))
			return i;
		for (size_t j = 0; j < ARRAY_SIZE(names); j++)
			if (words[i][0] != '-' && strcmp(name, names[j]) == 0)
				return i;
	}
	return 0;
}

/* Returns the index of the command of the launcher at words[0], or 0 if it has none. */
static size_t command_of(const struct known_launcher *one, const char *const *words, int descriptor,
                         struct launcher *launcher)
{
	struct options_seen seen = {0};
	size_t i = behind_options(one, words, &seen);

	if (one->operands && one->user_name && words[i])
		seen.user = words[i];
	note(launcher, one, &seen, descriptor);
	if (one->kind == SEARCH)
		i = search(words);
	else if (one->kind == IP)
		i = behind_ip(words, i, seen.all);
	else if (launcher->shell)
		i = search_exactly(words);
	else if (one->kind == PRIORITY)
		i += words[i] && isdigit((unsigned char)words[i][0]) ? 1 : 0;
	else
		i = skip(words, i, one->operands);
	return i && words[i] ? i : 0;
}

void launcher_read(const char *const *arguments, int descriptor, struct launcher *launcher)
{
	size_t step = 1;

	*launcher = (struct launcher){0};
	for (size_t i = 0; step && arguments[i]; i += step) {
		const struct known_launcher *one = find_known(arguments[i]);

		launcher->program = i;
		if (vmm_kind_of(VMM_AUTO, arguments[i]) != VMM_OTHER)
			return;
		if (one)
			step = command_of(one, arguments + i, descriptor, launcher);
		else
			step = i == 0 ? search_exactly(arguments) : 0;
	}
}
