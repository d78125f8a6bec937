/* SPDX-License-Identifier: Apache-2.0 */
/* Reads tests/captures/NAME.tsv (format: tests/captures/README.md). Run from the tree's root. */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPTURE_FOLDER "tests/captures/"

/* The last one is of systemd 254, whose PID 1 announces nothing. */
static const char *const capture_names[] = {
	"debian13-systemd257-60-notify-exit42",
	"debian13-systemd257-emergency",
	"debian13-systemd257-exit-before-ready",
	"debian13-systemd257-reload-softreboot-reboot",
	"debian13-systemd257-systemd-initrd",
	"debian14-systemd262-emergency-and-back",
	"debian14-systemd262-softreboot-reload-exit42",
	"debian12-systemd254-reload-100-notify-exit42",
};

#define CAPTURE_COUNT      ((int)(sizeof(capture_names) / sizeof(capture_names[0])))
#define CAPTURES_ANNOUNCED (CAPTURE_COUNT - 1)

struct capture {
	FILE *file;
	char *line;
	size_t capacity;
	double seconds; /* since the first notification */
	const char *text;
	size_t length;
};

static inline struct capture capture_open(const char *name)
{
	struct capture capture = {0};
	char path[256];

	snprintf(path, sizeof(path), CAPTURE_FOLDER "%s.tsv", name);
	capture.file = fopen(path, "re");
	ck_assert_msg(capture.file != NULL, "%s: not there; tests run from the tree's root", path);
	return capture;
}

/* Replaces \n and \\ in place. Returns the new length. */
static inline size_t capture_unescape(char *text)
{
	char *out = text;

	for (const char *in = text; *in; in++) {
		if (*in != '\\') {
			*out++ = *in;
			continue;
		}
		in++;
		ck_assert_msg(*in == 'n' || *in == '\\', "\\%c: no such escape in a capture", *in);
		*out++ = *in == 'n' ? '\n' : '\\';
	}
	*out = '\0';
	return (size_t)(out - text);
}

/* Reads the next notification. At the end everything is closed and freed, and it returns 0. */
static inline int capture_next(struct capture *capture)
{
	ssize_t n = getline(&capture->line, &capture->capacity, capture->file);
	char *tab;

	if (n < 0) {
		fclose(capture->file);
		free(capture->line);
		return 0;
	}
	if (n > 0 && capture->line[n - 1] == '\n')
		capture->line[n - 1] = '\0';
	tab = strchr(capture->line, '\t');
	ck_assert_ptr_nonnull(tab);
	capture->seconds = strtod(capture->line, NULL);
	capture->length = capture_unescape(tab + 1);
	capture->text = tab + 1;
	return 1;
}

#endif
