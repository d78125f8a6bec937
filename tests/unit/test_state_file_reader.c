/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of state/state_file: whoever reads it while it is replaced. */
#include <pthread.h>
#include <stdatomic.h>

#include "state_file_fixture.h"

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
		char *text = harness_text(path);

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

	memset(state.status, 'x', STATE_STATUS_MAX);
	state.held_count = STATE_HELD_MAX;
	open_file(0600);
	ck_assert_int_eq(state_file_replace(&file, &state), 0);
	ck_assert_int_eq(pthread_create(&reader, NULL, read_all_the_time, NULL), 0);
	for (int i = 0; i < 3000; i++) {
		state.connections++;
		ck_assert_int_eq(state_file_replace(&file, &state), 0);
	}
	atomic_store(&stop_reading, true);
	pthread_join(reader, &problem);
	ck_assert_msg(!problem, "%s", (const char *)problem);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("state_file_reader");
	TCase *tcase = harness_case(suite, "reader");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_reader_never_sees_a_part);
	return harness_run(suite);
}
