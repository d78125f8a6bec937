/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU's command line (see qemu_options.h). */
#include "qemu_options.h"

#include <stdio.h>
#include <string.h>

#include "base/macros.h"

static bool takes_no_value(const char *name)
{
	static const char *const flags[] = {
		"S",
		"alt-grab",
		"async-teardown",
		"audio-help",
		"ctrl-grab",
		"curses",
		"daemonize",
		"enable-kvm",
		"enable-sync-profile",
		"full-screen",
		"h",
		"help",
		"mem-prealloc",
		"no-acpi",
		"no-fd-bootchk",
		"no-frame",
		"no-hpet",
		"no-kvm",
		"no-kvm-irqchip",
		"no-kvm-pit",
		"no-quit",
		"no-reboot",
		"no-shutdown",
		"no-user-config",
		"nodefaults",
		"nodefconfig",
		"nographic",
		"old-param",
		"one-insn-per-tb",
		"only-migratable",
		"portrait",
		"preconfig",
		"s",
		"sdl",
		"semihosting",
		"show-cursor",
		"singlestep",
		"snapshot",
		"tdf",
		"usb",
		"version",
		"win2k-hack",
		"xen-attach",
		"xen-domid-restrict",
	};

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (strcmp(name, flags[i]) == 0)
			return true;
	return false;
}

bool qemu_option_next(const char *const *arguments, size_t *index, struct qemu_option *option)
{
	while (arguments[*index] && (arguments[*index][0] != '-' || !arguments[*index][1]))
		(*index)++;
	if (!arguments[*index])
		return false;
	option->name = arguments[(*index)++] + 1;
	if (*option->name == '-')
		option->name++;
	option->value = takes_no_value(option->name) ? NULL : arguments[*index];
	if (option->value)
		(*index)++;
	return true;
}

bool qemu_option_find(const char *const *arguments, const char *name, const char **value)
{
	struct qemu_option option;
	bool found = false;
	size_t index = 1;

	while (qemu_option_next(arguments, &index, &option)) {
		if (strcmp(option.name, name) != 0)
			continue;
		found = true;
		if (value)
			*value = option.value;
	}
	return found;
}

static void append(char *buffer, size_t capacity, char c)
{
	size_t used = strlen(buffer);

	if (used + 1 < capacity)
		buffer[used] = c;
}

/* A word alone is a flag, which "no" in front of it switches off. */
static void read_flag(struct qemu_part *part)
{
	bool off = strncmp(part->key, "no", 2) == 0;

	if (off)
		memmove(part->key, part->key + 2, sizeof(part->key) - 2);
	strcpy(part->value, off ? "off" : "on");
}

bool qemu_part_next(const char **cursor, const char *implied, struct qemu_part *part)
{
	const char *text = *cursor;
	bool assigned;

	if (!text)
		return false;
	*part = (struct qemu_part){0};
	assigned = implied && text[strcspn(text, "=,")] != '=';
	if (assigned)
		snprintf(part->key, sizeof(part->key), "%s", implied);
	for (; *text && (*text != ',' || text[1] == ','); text++) {
		if (*text == '=' && !assigned) {
			assigned = true;
			continue;
		}
		text += *text == ',';
		if (assigned)
			append(part->value, sizeof(part->value), *text);
		else
			append(part->key, sizeof(part->key), *text);
	}
	if (!assigned)
		read_flag(part);
	*cursor = *text ? text + 1 : NULL;
	return true;
}

bool qemu_part_find(const char *text, const char *implied, const char *key, struct qemu_part *part)
{
	struct qemu_part one;
	bool found = false;

	while (qemu_part_next(&text, implied, &one)) {
		implied = NULL;
		if (strcmp(one.key, key) != 0)
			continue;
		*part = one;
		found = true;
	}
	return found;
}

bool qemu_part_is_on(const char *text, const char *implied, const char *key)
{
	static const char *const words[] = {"on", "yes", "true", "y"};
	struct qemu_part part;

	if (!qemu_part_find(text, implied, key, &part))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(part.value, words[i]) == 0)
			return true;
	return false;
}
