/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every fuzz target shares: the one entry that libFuzzer and replay.c call, a check that ends the
 * process, and an input that is taken apart byte by byte. A target keeps nothing from one input to the
 * next, so that a finding is reproduced by its input alone.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Where a failed check is said: standard error, or what replay.c keeps of it. */
extern int fuzz_report_fd;

#define FUZZ_CHECK(condition)                                                              \
	do {                                                                               \
		if (!(condition)) {                                                        \
			dprintf(fuzz_report_fd, "%s:%d: not so: %s\n", __FILE__, __LINE__, \
			        #condition);                                               \
			abort();                                                           \
		}                                                                          \
	} while (0)

struct fuzz_input {
	const uint8_t *at;
	size_t left;
};

/* The next byte; 0 where there is none left. */
static inline uint8_t fuzz_byte(struct fuzz_input *input)
{
	if (input->left == 0)
		return 0;
	input->left--;
	return *input->at++;
}

static inline uint32_t fuzz_number(struct fuzz_input *input, unsigned bytes)
{
	uint32_t number = 0;

	while (bytes--)
		number = number << 8 | fuzz_byte(input);
	return number;
}

/* At most length of the next bytes, *taken of them. */
static inline const char *fuzz_take(struct fuzz_input *input, size_t length, size_t *taken)
{
	const char *bytes = (const char *)input->at;

	*taken = length < input->left ? length : input->left;
	input->at += *taken;
	input->left -= *taken;
	return bytes;
}

/*
 * A copy with a NUL behind it, no byte longer, so that a sanitizer sees a byte read too many. To be
 * freed.
 */
static inline char *fuzz_copy(const char *bytes, size_t length)
{
	char *text = malloc(length + 1);

	FUZZ_CHECK(text);
	memcpy(text, bytes, length);
	text[length] = '\0';
	return text;
}

/* Likewise, up to a NUL byte if there is one. */
static inline char *fuzz_string(const char *bytes, size_t length)
{
	return fuzz_copy(bytes, strnlen(bytes, length));
}

/* What there is up to the next NUL byte, or to the end, as a string. To be freed. */
static inline char *fuzz_next_string(struct fuzz_input *input)
{
	size_t length = strnlen((const char *)input->at, input->left);
	size_t taken;
	char *text = fuzz_string((const char *)input->at, length);

	fuzz_take(input, length + 1, &taken);
	return text;
}

#endif
