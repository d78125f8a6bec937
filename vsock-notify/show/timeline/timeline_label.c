/* SPDX-License-Identifier: Apache-2.0 */
/* Labels (see timeline_label.h). */
#include "timeline_label.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/macros.h"
#include "base/utf8.h"

#define ELLIPSIS "\xe2\x80\xa6"

/* If a label is cut, this many characters at its end stay. */
#define TAIL 12

/* ASCII, Latin, Greek, Cyrillic, punctuation, CJK. None of these characters combines, or runs from right to left. */
static const struct {
	uint32_t first, last;
} shown[] = {
	{0x20, 0x7e},     {0xa1, 0xac},     {0xae, 0x24f},    {0x386, 0x3ff},
	{0x400, 0x482},   {0x48a, 0x52f},   {0x2010, 0x2027}, {0x3041, 0x3096},
	{0x30a1, 0x30fe}, {0x4e00, 0x9fff}, {0xac00, 0xd7a3},
};

static bool is_shown(uint32_t value)
{
	for (size_t i = 0; i < ARRAY_SIZE(shown); i++)
		if (value >= shown[i].first && value <= shown[i].last)
			return true;
	return false;
}

/* Takes one character, or one byte that is not part of a character. Returns how many bytes of text it has. */
static size_t clean(const char *text, size_t available, char *out, size_t *used)
{
	size_t length = utf8_printable(text, available);
	char byte = *text;

	if (length > 0 && is_shown(utf8_code_point(text, length))) {
		memcpy(out, text, length);
		*used = length;
		return length;
	}
	/* One byte only: by itself it is no character, so it is escaped. */
	return escape_bytes(&byte, 1, out, used);
}

struct timeline_label timeline_label(const char *text)
{
	/* Texts of a state file can be longer than a label. */
	size_t available = strnlen(text, sizeof(struct timeline_label));
	struct timeline_label label = {""};
	size_t used = 0;
	size_t cut = 0; /* the last place with room for an ellipsis */

	while (available > 0) {
		char out[ESCAPE_MAX];
		size_t length;
		size_t taken = clean(text, available, out, &length);

		if (used + length > TIMELINE_LABEL_MAX) {
			memcpy(label.text + cut, ELLIPSIS, sizeof(ELLIPSIS));
			break;
		}
		memcpy(label.text + used, out, length);
		used += length;
		label.text[used] = '\0';
		if (used + strlen(ELLIPSIS) <= TIMELINE_LABEL_MAX)
			cut = used;
		text += taken;
		available -= taken;
	}
	return label;
}

/* Widths of characters in hundredths of the font's size. */
static const struct {
	const char *characters;
	unsigned width;
} widths[] = {
	{" '.:,;ijl|", 40},
	{"%@mMW", 108},
	{"-()/ftrI", 47},
	{"#&+=<>~w", 84},
	{"ABCDEFGHJKLNOPQRSTUVXYZ", 80},
};

static unsigned width_of(uint32_t value)
{
	if (value > 0x7e)
		return 105;
	for (size_t i = 0; value > 0 && i < ARRAY_SIZE(widths); i++)
		if (strchr(widths[i].characters, (int)value))
			return widths[i].width;
	return 65;
}

unsigned timeline_label_width(const char *text, unsigned size)
{
	size_t available = strlen(text);
	unsigned hundredths = 0;

	while (available > 0) {
		size_t length = utf8_printable(text, available);

		if (length == 0)
			length = 1;
		hundredths += width_of(utf8_code_point(text, length));
		text += length;
		available -= length;
	}
	return (hundredths * size + 99) / 100;
}

static bool is_start(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

/* The start of the character before the one at this place. */
static size_t before(const char *text, size_t at)
{
	while (at > 0 && !is_start(text[--at]))
		;
	return at;
}

static size_t after(const char *text, size_t at)
{
	while (!is_start(text[++at]))
		;
	return at;
}

void timeline_label_fit(struct timeline_label *label, unsigned width, unsigned size)
{
	const struct timeline_label whole = *label;
	size_t tail = strlen(whole.text);
	size_t head;

	if (timeline_label_width(whole.text, size) <= width)
		return;
	for (unsigned i = 0; i < TAIL; i++)
		tail = before(whole.text, tail);
	head = tail;
	for (;;) {
		char cut[TIMELINE_LABEL_MAX + sizeof(ELLIPSIS)];
		int length = snprintf(cut, sizeof(cut), "%.*s" ELLIPSIS "%s", (int)head, whole.text,
		                      whole.text + tail);
		bool last = head == 0 && !whole.text[tail];

		if (last ||
		    (length <= TIMELINE_LABEL_MAX && timeline_label_width(cut, size) <= width)) {
			strcpy(label->text, cut);
			return;
		}
		if (head > 0)
			head = before(whole.text, head);
		else
			tail = after(whole.text, tail);
	}
}
