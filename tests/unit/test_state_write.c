/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of state/state_format: the text, that a random state comes back as it was, and what a write's failure is. */
#include "state/state_format.h"

#include <errno.h>
#include <stdint.h>

#include "state_fixture.h"
#include "state_text.h"

static uint64_t seed;

static uint64_t random_number(void)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return seed >> 33 | seed << 31;
}

/* Of all sizes, the least and the most among them. */
static uint64_t random_sized(void)
{
	unsigned bits = (unsigned)(random_number() % 66);

	if (bits == 0)
		return 0;
	return bits >= 64 ? UINT64_MAX : random_number() >> (64 - bits);
}

/* Any bytes but NUL, at most so many. */
static void random_text(char *text, size_t most)
{
	size_t length = random_number() % (most + 1);

	for (size_t i = 0; i < length; i++)
		text[i] = (char)(random_number() % 3 ? 'a' + random_number() % 26
		                                     : 1 + random_number() % 255);
	text[length] = '\0';
}

static void random_fact(struct state *one)
{
	enum state_fact_kind kind = (enum state_fact_kind)(random_number() % STATE_FACT_KINDS);
	char name[64], value[400] = "";
	struct state_fact *fact;

	random_text(name, sizeof(name) - 1);
	if (kind == STATE_FIELD)
		random_text(value, sizeof(value) - 1);
	/* Names of fields end where the equals sign is. */
	for (char *at = name; kind == STATE_FIELD && (at = strchr(at, '='));)
		*at = 'e';
	if (!*name)
		return;
	fact = state_fact_set(&one->facts, kind, (struct state_text){name, strlen(name)},
	                      (struct state_text){value, strlen(value)});
	if (fact) {
		fact->usec = random_sized();
		fact->number = random_sized();
	}
}

static void random_state(struct state *one)
{
	memset(one, 0, sizeof(*one));
	state_init(one, random_sized());
	random_text(one->name, sizeof(one->name) - 1);
	random_text(one->vsock, sizeof(one->vsock) - 1);
	random_text(one->way, sizeof(one->way) - 1);
	random_text(one->status, STATE_STATUS_MAX);
	one->port = (uint32_t)random_sized();
	one->writer.pid = (pid_t)(random_number() % INT32_MAX) + 1;
	one->writer.start_ticks = random_sized();
	one->writer.pid_namespace = random_sized();
	one->vmm_pid = (pid_t)(random_number() % 3 ? random_number() % INT32_MAX : 0);
	one->process = (pid_t)(random_number() % 3 ? random_number() % INT32_MAX : 0);
	one->process_id = random_sized();
	one->last_life = (enum state_life)(random_number() % 7);
	one->last_since_usec = random_sized();
	one->realtime_usec = random_sized();
	one->life = (enum state_life)(random_number() % 7);
	one->since_usec = random_sized();
	one->first_usec = random_sized();
	one->ready_usec = random_sized();
	one->boots = (uint32_t)random_sized();
	one->ready_inferred = random_number() % 2;
	one->paused = random_number() % 2;
	one->exit_status = (int)(random_number() % 257) - 1;
	one->connections = random_sized();
	one->delivered = random_sized();
	one->dropped = random_sized();
	one->refused = random_sized();
	one->lost_messages = random_sized();
	one->life_lost_messages = random_sized();
	one->lost_count = (unsigned)(random_number() % (STATE_LOST_MAX + 1));
	for (unsigned i = 0; i < one->lost_count; i++)
		one->lost_usec[i] = random_sized();
	one->held_usec = random_sized();
	one->held_max_usec = (uint32_t)random_sized();
	one->guest_port = random_number() % 4 ? (int64_t)(uint32_t)random_sized() : -1;
	one->held_count = (unsigned)(random_number() % (STATE_HELD_MAX + 1));
	for (unsigned i = 0; i < one->held_count; i++)
		one->held[i] = (struct state_held){random_sized(), (uint32_t)random_sized(),
		                                   (uint32_t)random_sized()};
	for (unsigned i = (unsigned)(random_number() % 200); i > 0; i--)
		random_fact(one);
}

START_TEST(a_random_state_comes_back)
{
	static struct state written, back;

	seed = (uint64_t)_i;
	for (int turn = 0; turn < 200; turn++) {
		unsigned line;
		char *text, *again;

		random_state(&written);
		text = state_text(&written);
		for (const char *at = text; *at; at++)
			harness_check((unsigned char)*at >= ' ' || *at == '\n', "byte %d", *at);
		ck_assert_msg(state_read(&back, text, &line) == STATE_FINE, "line %u", line);
		state_same(&back, &written);
		free(text);
		/* And the same text comes of it. */
		text = state_text(&written);
		again = state_text(&back);
		ck_assert_str_eq(text, again);
		free(text);
		free(again);
	}
}
END_TEST

/* One that has no process either: what a program that is no shim may have made. */
START_TEST(a_state_of_nothing_comes_back)
{
	static struct state nothing, back;
	unsigned line = 0;
	char *text;

	state_init(&nothing, 0);
	text = state_text(&nothing);
	ck_assert_msg(state_read(&back, text, &line) == STATE_FINE, "line %u", line);
	state_same(&back, &nothing);
	free(text);
}
END_TEST

START_TEST(the_text_is_as_documented)
{
	const struct state_held held = {.accepted_usec = 5, .held_usec = 6, .bytes = 7};
	char *text;

	strcpy(state.name, "vm");
	strcpy(state.vsock, "/run/vm/vsock");
	state.port = 1234;
	state.writer = (struct state_writer_id){11, 12, 13};
	state.realtime_usec = 14;
	happens_with(VSN_EVENT_VM_STARTED, 77, NULL);
	happens(VSN_EVENT_GUEST_BOOTING);
	clock_usec -= STATE_SECOND; /* its first word shows it */
	says("X_A=a\\b");
	active("a.target");
	happens_with(VSN_EVENT_GUEST_FIELD, 1, "MAINPID=1");
	happens(VSN_EVENT_GUEST_READY);
	happens(VSN_EVENT_VM_PAUSED);
	happens_with(VSN_EVENT_GUEST_STATUS, 0, "up");
	state_connection(&state, &held, 1000);
	state.lost_messages = 3;
	happens(VSN_EVENT_GUEST_LOST);
	state.process = 15;
	state.process_id = 16;
	state.last_life = STATE_BOOTING;
	state.last_since_usec = 17;
	text = state_text(&state);
	ck_assert_str_eq(text,
	                 "VSOCK_NOTIFY_STATE=1\nNAME=vm\nVSOCK=/run/vm/vsock\nPORT=1234\nPID=11\n"
	                 "PID_START=12\nPID_NAMESPACE=13\nREALTIME_USEC=14\nVMM_PID=77\n"
	                 "PROCESS=15\nPROCESS_ID=16\n"
	                 "STATE=ready\nSINCE_USEC=15000000\nLAST_STATE=booting\n"
	                 "LAST_SINCE_USEC=17\nLISTENING_USEC=10000000\n"
	                 "STARTED_USEC=11000000\nFIRST_USEC=12000000\nREADY_USEC=15000000\n"
	                 "BOOTS=1\nPAUSED=1\nSTATUS=up\nCONNECTIONS=1\nDELIVERED=0\nDROPPED=0\n"
	                 "REFUSED_FIELDS=1\nLOST_MESSAGES=4\nLIFE_LOST_MESSAGES=1\n"
	                 "HELD_USEC=6\nHELD_MAX_USEC=6\nGUEST_PORT=1000\n"
	                 "FIELD=12000000 0 X_A=a\\x5cb\nUNIT=13000000 1 a.target\n"
	                 "REFUSED=14000000 1 MAINPID\nUNITS_LOST=0\nFIELDS_LOST=0\nREFUSED_LOST=0\n"
	                 "HELD=5 6 7\nLOST=18000000\nEND=1\n");
	free(text);
}
END_TEST

START_TEST(a_write_that_fails_is_its_errno)
{
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	ck_assert_int_ge(full, 0);
	memset(state.status, 'x', STATE_STATUS_MAX);
	ck_assert_int_eq(state_write(&state, full), -ENOSPC);
	close(full);
	ck_assert_int_eq(state_write(&state, full), -EBADF);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("state_write");
	TCase *tcase = harness_case(suite, "write");

	tcase_add_checked_fixture(tcase, state_setup, NULL);
	tcase_add_loop_test(tcase, a_random_state_comes_back, 0, 5);
	tcase_add_test(tcase, a_state_of_nothing_comes_back);
	tcase_add_test(tcase, the_text_is_as_documented);
	tcase_add_test(tcase, a_write_that_fails_is_its_errno);
	return harness_run(suite);
}
