/* SPDX-License-Identifier: Apache-2.0 */
/* Programs in front of a VMM (see launcher.h). */
#include "launcher.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "launcher_known.h"
#include "plan.h"

/* What the options of one launcher said. */
struct options_seen {
	bool string;       /* the command is in a string */
	bool scope;        /* --scope */
	bool forks;        /* the option that makes it exit at once */
	bool all;          /* ip -all: there is no name behind "exec" */
	bool folder;       /* the option that changes the working directory */
	bool root;         /* the option that changes the root folder */
	bool keeps;        /* the option that keeps descriptors open */
	const char *user;  /* value of the option for a user */
	const char *above; /* value of sudo's -C: the first descriptor that it closes */
};

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
	seen->folder |= is_name(name, length, launcher->folder_name);
	seen->root |= is_listed(launcher->root_names, name, length);
	seen->scope |= is_name(name, length, "scope");
	seen->string |= is_name(name, length, launcher->kind == ENV ? "split-string" : "command");
	seen->forks |= launcher->fork_letter && is_name(name, length, "fork");
	if (name[length] == '\0' && is_listed(launcher->long_pairs, name, length))
		return words[1] && words[2] ? 3 : 1;
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
		seen->folder |=
			launcher->folder_letters && strchr(launcher->folder_letters, *letter);
		seen->root |= launcher->root_letters && strchr(launcher->root_letters, *letter);
		if (launcher->short_optional && strchr(launcher->short_optional, *letter))
			return 1;
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

/* The first word that is exactly a VMM's name. Returns 0 if there is none. */
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

/* The command behind "--", or the first word that is a VMM's program. Returns 0 if there is none. */
static size_t search(const char *const *words)
{
	size_t found;

	for (size_t i = 1; words[i]; i++)
		if (strcmp(words[i], "--") == 0 && words[i + 1] && words[i + 1][0] != '-')
			return i + 1;
	found = search_exactly(words);
	for (size_t i = 1; !found && words[i]; i++)
		if (words[i][0] != '-' && strcmp(words[i - 1], "-o") != 0 &&
		    !strpbrk(words[i], "= ") && vmm_kind_of(VMM_AUTO, words[i]) != VMM_OTHER)
			found = i;
	return found;
}

/* setarch(8) has options behind its operand, too. */
static size_t behind_operands(const char *const *words, size_t i, size_t count)
{
	i = skip(words, i, count);
	while (count && words[i] && words[i][0] == '-')
		i++;
	return i;
}

/* flock(1) takes one string for a shell behind its operand. */
static bool is_command_option(const char *word)
{
	return strcmp(word, "-c") == 0 || strcmp(word, "--command") == 0;
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
	if (seen->folder)
		launcher->folder = one->name;
	if (seen->root || (one->root_names && !*one->root_names))
		launcher->root = one->name;
	if (one->kind == SUDO ? sudo_closes(seen->above, descriptor) : one->closes && !seen->keeps)
		launcher->closes = one->name;
	if (one->kind == SCOPE && !seen->scope)
		launcher->away = one->name;
	if (one->kind == SU || ((one->kind == SHELL || one->kind == ENV) && seen->string))
		launcher->shell = one->name;
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
		i = behind_operands(words, i, one->operands);
	if (one->operands && i && is_command_option(words[i - 1])) {
		launcher->shell = one->name;
		return 0;
	}
	return i && words[i] ? i : 0;
}

void launcher_read(const char *const *arguments, int descriptor, struct launcher *launcher)
{
	size_t step = 1;

	*launcher = (struct launcher){0};
	for (size_t i = 0; step && arguments[i]; i += step) {
		const struct known_launcher *one = launcher_known(arguments[i]);

		launcher->program = i;
		if (vmm_kind_of(VMM_AUTO, arguments[i]) != VMM_OTHER)
			return;
		if (one)
			step = command_of(one, arguments + i, descriptor, launcher);
		else
			step = i == 0 ? search_exactly(arguments) : 0;
	}
}
