/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that know one VMM share (see vmm_plan.h). */
#ifndef VMM_PLAN_COMMON_H
#define VMM_PLAN_COMMON_H

#include "credential.h"
#include "plan.h"

/* An option among arguments, in either spelling: "--name value" or "--name=value". */
struct vmm_option {
	size_t index;      /* of the argument that holds the value */
	const char *value; /* NULL: the option is last and has none */
};

bool vmm_option_find(const char *const *arguments, const char *name, struct vmm_option *option);

/* Sets plan->fault, printf-like. Returns -EINVAL (or -ENOMEM). */
int vmm_plan_fail(struct vmm_plan *plan, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Sets plan->advice likewise. Returns 0 or -ENOMEM. */
int vmm_plan_advise(struct vmm_plan *plan, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Takes account of the user's own credential: follows its port, refuses what can never work, gives
 * advice on what is not ours. where: the option it was found in. Returns 0 where there is one, 1 where
 * there is none, or -errno with plan->fault.
 */
int vmm_plan_take_found(const struct vmm_request *request, struct vmm_plan *plan,
                        enum credential_found found, uint32_t port, const char *where);

#endif
