/* SPDX-License-Identifier: Apache-2.0 */
/* Text of strangers, safe to be shown (see show_text.h). */
#include "show_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"

struct range {
	unsigned long first, last;
};

/* Marks that combine with the character before them (categories Mn and Me of the blocks in common use). */
static const struct range combining[] = {
	{0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a}, {0x064b, 0x065f},
	{0x0900, 0x0902}, {0x093a, 0x093a}, {0x0941, 0x0948}, {0x0e31, 0x0e31}, {0x0e34, 0x0e3a},
	{0x0e47, 0x0e4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0x302a, 0x302d},
	{0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
};

/* East Asian wide and full width (Unicode's UAX 11), emoji. */
static const struct range wide[] = {
	{0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x2614, 0x2615},
	{0x26a1, 0x26a1},   {0x2705, 0x2705},   {0x274c, 0x274c},   {0x2e80, 0x303e},
	{0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xa000, 0xa4cf},
	{0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
	{0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1b000, 0x1b2ff}, {0x1f300, 0x1f64f},
	{0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd},
};

/* Format characters: invisible, or they move other characters (categories Cf, Zl, Zp; Hangul fillers). */
static const struct range hidden[] = {
	{0x00ad, 0x00ad},   {0x034f, 0x034f},   {0x0600, 0x0605},   {0x061c, 0x061c},
	{0x06dd, 0x06dd},   {0x070f, 0x070f},   {0x115f, 0x1160},   {0x17b4, 0x17b5},
	{0x180b, 0x180e},   {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},
	{0x3164, 0x3164},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},
	{0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

static bool is_in(const struct range *ranges, size_t count, unsigned long code_point)
{
	for (size_t i = 0; i < count; i++)
		if (code_point >= ranges[i].first && code_point <= ranges[i].last)
			return true;
	return false;
}

#define IS_IN(ranges, code_point) is_in(ranges, sizeof(ranges) / sizeof((ranges)[0]), code_point)

/* The number of columns that a character takes: 0 (an accent on the character before), 1 or 2. */
static unsigned width_of(unsigned long code_point)
{
	if (IS_IN(combining, code_point))
		return 0;
	return IS_IN(wide, code_point) ? 2 : 1;
}

/* Takes the next character: stores what is shown for it in out, and its columns. Returns how many bytes of text it has. */
static size_t next(const char *text, size_t left, bool utf8, char out[ESCAPE_MAX + 1],
                   unsigned *columns)
{
	size_t length = utf8_printable(text, left);
	size_t used;

	/* Its first byte is no character by itself, so it is escaped; then the next one. */
	if (length > 1 && (!utf8 || IS_IN(hidden, utf8_code_point(text, length))))
		left = 1;
	length = escape_bytes(text, left, out, &used);
	out[used] = '\0';
	*columns = *out == '\\' ? ESCAPE_MAX : width_of(utf8_code_point(out, used));
	return length;
}

static unsigned ellipsis(bool utf8)
{
	return utf8 ? 1 : 3;
}

char *show_text(const char *text, bool utf8, unsigned columns)
{
	size_t left = strlen(text);
	char *shown = malloc(left * ESCAPE_MAX + ESCAPE_MAX + 1);
	char *at = shown, *cut = shown;
	unsigned column = 0;

	while (shown && left > 0) {
		char out[ESCAPE_MAX + 1];
		unsigned width;
		size_t taken = next(text, left, utf8, out, &width);

		/* The last place where the text can be cut with room for an ellipsis. */
		if (column + ellipsis(utf8) <= columns)
			cut = at;
		if (columns > 0 && column + width > columns) {
			strcpy(cut, columns < ellipsis(utf8) ? "" : utf8 ? "\u2026" : "...");
			return shown;
		}
		at = stpcpy(at, out);
		column += width;
		text += taken;
		left -= taken;
	}
	if (shown)
		*at = '\0';
	return shown;
}

unsigned show_columns(const char *shown)
{
	size_t left = strlen(shown);
	unsigned columns = 0;

	while (left > 0) {
		size_t length = utf8_printable(shown, left);

		if (length == 0)
			length = 1;
		columns += width_of(utf8_code_point(shown, length));
		shown += length;
		left -= length;
	}
	return columns;
}
