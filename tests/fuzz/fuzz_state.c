/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: state/state_format, what anybody may have put where a state file is.
 *
 * The input is the file. What reads as fine is within its bounds, written it reads as fine again and equal, and the
 * text that is made of it stays as it is. All of it can be shown on a terminal.
 */
#include "state/state_format.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "fuzz.h"
#include "shown_text.h"

/* Of one state's text: every byte of it four, and numbers. */
#define TEXT_MAX 65536

/* As it is written, with a NUL behind it. To be freed. */
static char *written(const struct state *state)
{
	static int fd = -1;
	char text[TEXT_MAX];
	ssize_t length;

	if (fd < 0)
		fd = memfd_create("state", MFD_CLOEXEC);
	FUZZ_CHECK(fd >= 0 && ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	FUZZ_CHECK(state_write(state, fd) == 0);
	length = pread(fd, text, sizeof(text), 0);
	FUZZ_CHECK(length > 0 && (size_t)length < sizeof(text));
	FUZZ_CHECK(!memchr(text, '\0', (size_t)length));
	return fuzz_copy(text, (size_t)length);
}

/* No control character but the ends of lines, no byte that is no UTF-8. */
static void check_shown(const char *text)
{
	for (const char *end; *text; text = end + 1) {
		end = strchr(text, '\n');
		FUZZ_CHECK(end && end > text && memchr(text, '=', (size_t)(end - text)));
		FUZZ_CHECK(shown_text_is_clean(text, (size_t)(end - text)));
	}
}

static void check_texts(const struct state *state)
{
	const struct state_facts *facts = &state->facts;

	FUZZ_CHECK(memchr(state->name, '\0', sizeof(state->name)));
	FUZZ_CHECK(memchr(state->vsock, '\0', sizeof(state->vsock)));
	FUZZ_CHECK(memchr(state->way, '\0', sizeof(state->way)));
	FUZZ_CHECK(memchr(state->status, '\0', sizeof(state->status)));
	FUZZ_CHECK(facts->count <= STATE_FACTS_MAX && facts->pool_used <= sizeof(facts->pool));
	FUZZ_CHECK(state->held_count <= STATE_HELD_MAX);
	FUZZ_CHECK(state->lost_count <= STATE_LOST_MAX);
	for (unsigned i = 0; i < facts->count; i++) {
		FUZZ_CHECK(facts->entries[i].kind < STATE_FACT_KINDS);
		FUZZ_CHECK(facts->entries[i].name < facts->pool_used);
		FUZZ_CHECK(facts->entries[i].value < facts->pool_used);
		FUZZ_CHECK(*state_fact_name(facts, &facts->entries[i]));
	}
}

static void check_numbers(const struct state *state)
{
	enum state_life life;

	FUZZ_CHECK(state_life_parse(state_life_name(state->life), &life) && life == state->life);
	FUZZ_CHECK(state->exit_status >= -1 && state->exit_status <= 255);
	FUZZ_CHECK(state->writer.pid >= 0 && state->vmm_pid >= 0);
	FUZZ_CHECK(state->guest_port >= -1 && state->guest_port <= UINT32_MAX);
}

/* Each fault but these two is at a line of the file. */
static void check_fault(enum state_fault fault, unsigned line, const char *text)
{
	unsigned lines = 1;

	for (; *text; text++)
		lines += *text == '\n';
	FUZZ_CHECK(fault >= STATE_FINE && fault <= STATE_DAMAGED && *state_fault_name(fault));
	FUZZ_CHECK(line >= 1 && line <= lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct state state, again;
	char *text = fuzz_string((const char *)data, size);
	char *copy = fuzz_string((const char *)data, size);
	unsigned line = 0;
	enum state_fault fault = state_read(&state, copy, &line);

	check_fault(fault, line, text);
	free(copy);
	free(text);
	if (fault != STATE_FINE)
		return 0;
	check_texts(&state);
	check_numbers(&state);
	text = written(&state);
	check_shown(text);
	copy = fuzz_string(text, strlen(text));
	FUZZ_CHECK(state_read(&again, copy, NULL) == STATE_FINE);
	free(copy);
	copy = written(&again);
	FUZZ_CHECK(strcmp(copy, text) == 0);
	free(copy);
	free(text);
	return 0;
}
