/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 (see base64.h). */
#include "base64.h"

#include <stdbool.h>
#include <string.h>

#define PADDING (-1)
#define INVALID (-2)

static int digit(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	const char *found = c ? strchr(digits, c) : NULL;

	if (found)
		return (int)(found - digits);
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;
	return c == '=' ? PADDING : INVALID;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The bytes of one group of four digits. Returns how many there are, or -1: padding is only at the end, and hides no bits. */
static int group_bytes(const int group[4], unsigned char bytes[3])
{
	int count = group[3] != PADDING ? 3 : group[2] != PADDING ? 2 : 1;
	unsigned bits;

	if (group[0] < 0 || group[1] < 0 || (group[2] < 0 && group[3] >= 0))
		return -1;
	if ((count == 1 && group[1] & 15) || (count == 2 && group[2] & 3))
		return -1;
	bits = (unsigned)group[0] << 18 | (unsigned)group[1] << 12;
	bits |= count > 1 ? (unsigned)group[2] << 6 : 0;
	bits |= count > 2 ? (unsigned)group[3] : 0;
	bytes[0] = (unsigned char)(bits >> 16);
	bytes[1] = (unsigned char)(bits >> 8);
	bytes[2] = (unsigned char)bits;
	return count;
}

ssize_t base64_decode(const char *text, size_t length, char *out, size_t capacity)
{
	unsigned char bytes[3];
	int group[4], count = 3;
	size_t digits = 0, decoded = 0;

	for (size_t i = 0; i < length; i++) {
		if (is_space(text[i]))
			continue;
		/* A group with padding is the last one. */
		group[digits] = digit(text[i]);
		if (group[digits++] == INVALID || count < 3)
			return -1;
		if (digits < 4)
			continue;
		digits = 0;
		count = group_bytes(group, bytes);
		for (int j = 0; j < count; j++, decoded++)
			if (decoded < capacity)
				out[decoded] = (char)bytes[j];
		if (count < 0)
			return -1;
	}
	return digits == 0 ? (ssize_t)decoded : -1;
}
