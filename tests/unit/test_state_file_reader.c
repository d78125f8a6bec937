/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of state/state_file: whoever reads it while it is replaced. */
#include "../../vsock-notify/state/state_file.h"

#include <pthread.h>
#include <stdatomic.h>

#include "../../vsock-notify/state/state_read.h"
#include "harness.h"

static struct state state;
static struct state_file file;
static char *folder;
static char path[128];

/* Everything in a file, in a buffer of its own; NULL: there is none. To be freed. */
static char *get_text(const char *where)
{
	FILE *one = fopen(where, "re");
	char *text;
	size_t n;

	if (!one)
		return NULL;
	text = calloc(1, 65536);
	ck_assert_ptr_nonnull(text);
	n = fread(text, 1, 65535, one);
	ck_assert_uint_lt(n, 65535);
	fclose(one);
	return text;
}

/* A reader that looks all the time: each state is whole, and none is older than the last. */
static atomic_bool stop_reading;
static unsigned long reads_done;

static void *read_all_the_time(void *user)
{
	static struct state seen;
	uint64_t last = 0;
	const char *problem = NULL;

	(void)user;
	while (!problem && (!atomic_load(&stop_reading) || reads_done < 100)) {
		char *text = get_text(path);

		if (!text)
			problem = "it was not there";
		else if (state_read(&seen, text, NULL) != STATE_FINE)
			problem = "it was not whole";
		else if (seen.connections < last || seen.held_count != STATE_HELD_MAX)
			problem = "it was an older one";
		last = seen.connections;
		free(text);
		reads_done++;
	}
	return (void *)problem;
}

START_TEST(a_reader_never_sees_a_part)
{
	pthread_t reader;
	void *problem = NULL;

	folder = harness_folder();
	snprintf(path, sizeof(path), "%s/s.state", folder);
	state_init(&state, 1);
	state.writer.pid = 1;
	memset(state.status, 'x', STATE_STATUS_MAX);
	state.held_count = STATE_HELD_MAX;
	ck_assert_int_eq(state_file_open(&file, path, 0600, (gid_t)-1), 0);
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	ck_assert_int_eq(pthread_create(&reader, NULL, read_all_the_time, NULL), 0);
	for (int i = 0; i < 3000; i++) {
		state.connections++;
		ck_assert_int_eq(state_file_replace(&file, &state), 0);
	}
	atomic_store(&stop_reading, true);
	pthread_join(reader, &problem);
	ck_assert_msg(!problem, "%s", (const char *)problem);
	state_file_close(&file);
	harness_remove(folder);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("state_file_reader");
	TCase *tcase = harness_case(suite, "reader");

	tcase_add_test(tcase, a_reader_never_sees_a_part);
	return harness_run(suite);
}
