/* SPDX-License-Identifier: Apache-2.0 */
/* Patience with the service manager (theory: patience.h). */
#include "patience.h"

#include "base/clock.h"
#include "base/delivery.h"
#include "base/macros.h"

static void patience_time(struct loop_timer *timer, uint64_t now)
{
	struct patience *patience = container_of(timer, struct patience, timer);

	(void)now;
	patience->out = true;
	patience->ran_out(patience);
}

void patience_begin(struct patience *patience)
{
	if (patience->out || patience->timer.deadline_usec)
		return;
	patience->timer.callback = patience_time;
	loop_timer_set(patience->loop, &patience->timer, now_usec() + HOLD_MAX_USEC);
}

bool patience_end(struct patience *patience)
{
	bool was_out = patience->out;

	patience->out = false;
	loop_timer_cancel(&patience->timer);
	return was_out;
}
