/* SPDX-License-Identifier: Apache-2.0 */
/* A state as the text that state_write() makes of it, and whether two states are the same to a reader. */
#ifndef STATE_TEXT_H
#define STATE_TEXT_H

#include "harness.h"
#include "state/state.h"
#include "state/state_format.h"

/* Written, and read back into a buffer that a NUL ends. To be freed. */
static inline char *state_text(const struct state *one)
{
	FILE *file = tmpfile();
	char *text;
	long size;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(state_write(one, fileno(file)), 0);
	size = lseek(fileno(file), 0, SEEK_END);
	text = calloc(1, (size_t)size + 1);
	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(pread(fileno(file), text, (size_t)size, 0), size);
	fclose(file);
	return text;
}

static inline void state_same_facts(const struct state_facts *a, const struct state_facts *b)
{
	ck_assert_uint_eq(a->count, b->count);
	for (unsigned i = 0; i < a->count; i++) {
		ck_assert_int_eq(a->entries[i].kind, b->entries[i].kind);
		ck_assert_str_eq(state_fact_name(a, &a->entries[i]),
		                 state_fact_name(b, &b->entries[i]));
		ck_assert_str_eq(state_fact_value(a, &a->entries[i]),
		                 state_fact_value(b, &b->entries[i]));
		ck_assert_uint_eq(a->entries[i].usec, b->entries[i].usec);
		ck_assert_uint_eq(a->entries[i].number, b->entries[i].number);
	}
	for (unsigned kind = 0; kind < STATE_FACT_KINDS; kind++)
		ck_assert_uint_eq(a->lost[kind], b->lost[kind]);
}

#define STATE_SAME_NUMBER(member)                                                           \
	ck_assert_msg(a->member == b->member, #member ": %lld, %lld", (long long)a->member, \
	              (long long)b->member)

static inline void state_same_times(const struct state *a, const struct state *b)
{
	STATE_SAME_NUMBER(realtime_usec);
	STATE_SAME_NUMBER(since_usec);
	STATE_SAME_NUMBER(listening_usec);
	STATE_SAME_NUMBER(started_usec);
	STATE_SAME_NUMBER(first_usec);
	STATE_SAME_NUMBER(ready_usec);
}

static inline void state_same_counters(const struct state *a, const struct state *b)
{
	STATE_SAME_NUMBER(connections);
	STATE_SAME_NUMBER(delivered);
	STATE_SAME_NUMBER(dropped);
	STATE_SAME_NUMBER(refused);
	STATE_SAME_NUMBER(lost_messages);
	STATE_SAME_NUMBER(life_lost_messages);
	STATE_SAME_NUMBER(lost_count);
	for (unsigned i = 0; i < a->lost_count; i++)
		STATE_SAME_NUMBER(lost_usec[i]);
	STATE_SAME_NUMBER(held_usec);
	STATE_SAME_NUMBER(held_max_usec);
	STATE_SAME_NUMBER(guest_port);
	STATE_SAME_NUMBER(held_count);
	for (unsigned i = 0; i < a->held_count; i++) {
		STATE_SAME_NUMBER(held[i].accepted_usec);
		STATE_SAME_NUMBER(held[i].held_usec);
		STATE_SAME_NUMBER(held[i].bytes);
	}
}

static inline void state_same(const struct state *a, const struct state *b)
{
	ck_assert_str_eq(a->name, b->name);
	ck_assert_str_eq(a->vsock, b->vsock);
	ck_assert_str_eq(a->way, b->way);
	ck_assert_str_eq(a->status, b->status);
	STATE_SAME_NUMBER(port);
	STATE_SAME_NUMBER(writer.pid);
	STATE_SAME_NUMBER(writer.start_ticks);
	STATE_SAME_NUMBER(writer.pid_namespace);
	STATE_SAME_NUMBER(vmm_pid);
	STATE_SAME_NUMBER(process);
	STATE_SAME_NUMBER(process_id);
	STATE_SAME_NUMBER(life);
	STATE_SAME_NUMBER(last_life);
	STATE_SAME_NUMBER(last_since_usec);
	STATE_SAME_NUMBER(boots);
	STATE_SAME_NUMBER(ready_inferred);
	STATE_SAME_NUMBER(paused);
	STATE_SAME_NUMBER(exit_status);
	state_same_times(a, b);
	state_same_counters(a, b);
	state_same_facts(&a->facts, &b->facts);
}

#endif
