/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the service manager is away: something has waited for it for HOLD_MAX_USEC, and in all that time it did nothing.
 * Then no guest waits for it any more, until it does something again. One that is only slow is not away.
 */
#ifndef PATIENCE_H
#define PATIENCE_H

#include <stdbool.h>

#include "base/loop.h"

/* Fill in loop and ran_out, the rest is zero. */
struct patience {
	struct loop *loop;
	struct loop_timer timer;
	bool out; /* the service manager is away */
	/* Called when it has become so. */
	void (*ran_out)(struct patience *patience);
};

/* Something waits for the service manager from now on; no change if something has waited already. */
void patience_begin(struct patience *patience);

/* The service manager has done something, or nothing waits for it. Returns whether it was away. */
bool patience_end(struct patience *patience);

#endif
