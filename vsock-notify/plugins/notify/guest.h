/* SPDX-License-Identifier: Apache-2.0 */
/* What the plugin knows of the guest, and how the user has configured it. The pure parts work on this. */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>

#include "life.h"
#include "limits.h"
#include "policy.h"
#include "progress.h"
#include "status_text.h"

struct guest {
	struct policy policy;
	struct limits limits;
	struct status_style style;
	struct life life;
	struct life_step step; /* what followed from the last message, event or deadline */
	struct progress progress;
	char ready_unit[UNIT_NAME_MAX + 1];
	bool wait_when_restored; /* on-restore=wait */
};

/* Sets the defaults, for a guest of which nothing is known. guest must not be moved afterwards: life.ready_unit points into it. */
static inline void guest_init(struct guest *guest)
{
	*guest = (struct guest){0};
	policy_init(&guest->policy);
	limits_init(&guest->limits);
}

#endif
