/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers that plan_cloud_hypervisor.c and plan_firecracker.c share. */
#ifndef PLAN_COMMON_H
#define PLAN_COMMON_H

#include "credential.h"
#include "plan.h"

/* An option on the VMM's command line, in either spelling: "--name value" or "--name=value". */
struct vmm_option {
	size_t index;      /* of the argument that holds the value */
	const char *value; /* NULL: the option is the last argument and has no value */
};

/* Finds the first option with this name, and returns whether there is one. */
bool vmm_option_find(const char *const *arguments, const char *name, struct vmm_option *option);

/* Sets plan->advice, printf-like. Returns 0 or -ENOMEM. */
int vmm_plan_advise(struct vmm_plan *plan, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Adapts the plan to a credential that the user wrote into the option named where. If the guest will report to port, the plan
 * uses that port. An address that can never work is refused. For any other address the plan gets advice. Returns 0, 1 if the
 * user wrote no credential, or a negative errno with the failure set.
 */
int vmm_plan_use_credential(const struct vmm_request *request, struct vmm_plan *plan,
                            enum credential_found found, uint32_t port, const char *where,
                            struct failure *failure);

#endif
