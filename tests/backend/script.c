/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a guest's life from a file: one notification a line, in the form of the captures. */
#include "script.h"

#include "message.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int hex_value(const char *text)
{
	char digits[3] = {text[0], text[0] ? text[1] : '\0', '\0'};
	char *end;
	long value = strtol(digits, &end, 16);

	return digits[1] && *end == '\0' && digits[0] != '-' && digits[0] != '+' ? value : -1;
}

/* Unescapes @text in place. Returns its length, or -1 for an escape that is not known. */
static ssize_t unescape(char *text)
{
	char *out = text;

	for (const char *in = text; *in; in++) {
		int value;

		if (*in != '\\') {
			*out++ = *in;
			continue;
		}
		in++;
		if (*in == 'n') {
			*out++ = '\n';
		} else if (*in == 't') {
			*out++ = '\t';
		} else if (*in == '\\') {
			*out++ = '\\';
		} else if (*in == 'x' && (value = hex_value(in + 1)) >= 0) {
			*out++ = value;
			in += 2;
		} else {
			return -1;
		}
	}
	return out - text;
}

/* Returns NULL, or what is wrong with the line. */
static const char *parse_line(char *text, struct script_line *line)
{
	char *tab;
	double seconds = strtod(text, &tab);
	ssize_t length;

	if (tab == text || *tab != '\t' || !(seconds >= 0 && seconds < 1e9))
		return "begin it with seconds and a tab";
	length = unescape(tab + 1);
	if (length < 0)
		return "escape with \\n, \\t, \\\\ or \\xHH only";
	if (length > MESSAGE_MAX)
		return "use at most 4096 bytes";
	line->at_usec = llround(seconds * 1e6);
	line->length = length;
	line->kind = message_classify(tab + 1, length);
	line->bytes = malloc(length + 1);
	if (!line->bytes)
		return "there is no memory for it";
	memcpy(line->bytes, tab + 1, length);
	return NULL;
}

static int append(struct script *script, const struct script_line *line)
{
	size_t room = script->count + 1;
	struct script_line *lines = reallocarray(script->lines, room, sizeof(*lines));

	if (!lines)
		return -ENOMEM;
	lines[script->count++] = *line;
	script->lines = lines;
	return 0;
}

static int read_lines(struct script *script, const char *path, FILE *file)
{
	char *text = NULL;
	size_t room = 0;
	unsigned int number = 0;
	const char *wrong = NULL;
	int status = 0;

	while (status == 0 && getline(&text, &room, file) >= 0) {
		struct script_line line;

		number++;
		text[strcspn(text, "\n")] = '\0';
		if (*text == '\0' || *text == '#')
			continue;
		wrong = parse_line(text, &line);
		status = wrong ? -EINVAL : append(script, &line);
	}
	if (wrong)
		fprintf(stderr, "stand-in: %s: line %u is no notification: %s\n", path, number,
		        wrong);
	free(text);
	return status;
}

int script_read(struct script *script, const char *path)
{
	FILE *file = fopen(path, "re");
	int status;

	*script = (struct script){0};
	if (!file) {
		status = -errno;
		fprintf(stderr, "stand-in: --script=%s: %s; name a file that can be read\n", path,
		        strerror(-status));
		return status;
	}
	status = read_lines(script, path, file);
	fclose(file);
	return status;
}

void script_free(struct script *script)
{
	for (size_t i = 0; i < script->count; i++)
		free(script->lines[i].bytes);
	free(script->lines);
	*script = (struct script){0};
}
