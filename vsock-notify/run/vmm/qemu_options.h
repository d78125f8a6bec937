/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QEMU's command line, as read in system/vl.c, util/qemu-option.c, chardev/char.c and qemu-options.hx of QEMU 7.2 to 10.0: an
 * option begins with one dash or two, and its value is always the next word, whatever that begins with. Any other word is a
 * disk. Pure functions.
 */
#ifndef QEMU_OPTIONS_H
#define QEMU_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct qemu_option {
	const char *name;  /* without its dashes */
	const char *value; /* NULL: the option takes none, or it is missing */
};

/* Reads the next option; *index is that of the word to begin with, and is moved. Returns false at the end. */
bool qemu_option_next(const char *const *arguments, size_t *index, struct qemu_option *option);

/* Whether there is an option with this name. If value is not NULL, it becomes that of the last one. */
bool qemu_option_find(const char *const *arguments, const char *name, const char **value);

#define QEMU_KEY_MAX   64
#define QEMU_VALUE_MAX 1024

/* One part of a value such as "unix:/run/qmp,server=on,wait=off". What is longer than the buffers is cut off. */
struct qemu_part {
	char key[QEMU_KEY_MAX];
	char value[QEMU_VALUE_MAX];
};

/*
 * Reads the part at *cursor and moves *cursor to the next one, or to NULL after the last one. Two commas are one that belongs to
 * the value. A part without '=' has the key implied, if that is not NULL, else it is a flag: "server" is server=on and
 * "noserver" is server=off. Give the implied key for the first part only. Returns false at the end.
 */
bool qemu_part_next(const char **cursor, const char *implied, struct qemu_part *part);

/* Copies the value of the last part with this key into part. Returns false if there is none. */
bool qemu_part_find(const char *text, const char *implied, const char *key, struct qemu_part *part);

/* Whether the part with this key is on. */
bool qemu_part_is_on(const char *text, const char *implied, const char *key);

#endif
