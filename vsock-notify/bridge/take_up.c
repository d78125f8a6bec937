/* SPDX-License-Identifier: Apache-2.0 */
/* Takes up the state that another process has left (rules: take_up.h). */
#include "take_up.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "state/state_process.h"

/* What the guest did before the file's writer ended. A writer that was killed could not end the state. */
static enum state_life life_of(const struct state *left)
{
	return left->life == STATE_STOPPED ? left->last_life : left->life;
}

static bool is_same_vm(const struct state *left, const struct state *state)
{
	return strcmp(left->name, state->name) == 0 && strcmp(left->vsock, state->vsock) == 0 &&
	       left->port == state->port;
}

static bool goes_on(const struct state *left)
{
	enum state_life life = life_of(left);

	if (life != STATE_BOOTING && life != STATE_READY && life != STATE_EMERGENCY &&
	    life != STATE_STOPPING)
		return false;
	return left->process > 0 && left->process_id != 0 &&
	       state_process_id(left->process) == left->process_id;
}

bool take_up(struct state *state, const struct state_file *file)
{
	CLEANUP_FREE struct state *left = malloc(sizeof(*left));

	if (!left || state_file_read(file, left) < 0)
		return false;
	if (!is_same_vm(left, state) || !goes_on(left))
		return false;
	if (left->life == STATE_STOPPED) {
		left->life = left->last_life;
		left->since_usec = left->last_since_usec;
		left->last_life = STATE_WAITING;
		left->last_since_usec = 0;
	}
	left->writer = state->writer;
	*state = *left;
	return true;
}

int take_up_number(const struct state *state)
{
	if (state->life == STATE_READY)
		return VSN_TAKEN_UP_READY;
	return state->life == STATE_EMERGENCY ? VSN_TAKEN_UP_EMERGENCY : VSN_TAKEN_UP_NOT_READY;
}
