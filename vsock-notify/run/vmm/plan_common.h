/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files that know one VMM share. They are given a request whose arguments begin with the VMM's program; the launcher in
 * front of it is left out. An index of theirs into the arguments of the plan is therefore plan->first too small.
 */
#ifndef PLAN_COMMON_H
#define PLAN_COMMON_H

#include "credential.h"
#include "plan.h"

/* An option on the VMM's command line, in either spelling: "--name value" or "--name=value". */
struct vmm_option {
	size_t index;      /* of the argument that holds the value */
	const char *value; /* NULL: the option has no value */
};

/*
 * Finds the first option with this name, and returns whether there is one. "--" ends the options. A word that begins with "--"
 * is an option and never a value: so it is for clap 4, which cloud-hypervisor reads its command line with, and for
 * Firecracker (src/utils/src/arg_parser.rs).
 */
bool vmm_option_find(const char *const *arguments, const char *name, struct vmm_option *option);

bool vmm_option_is_there(const struct vmm_request *request, const char *name);

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

/* Advises a user whose kernel command line, in the option named where, forbids credentials. Returns 0 or -ENOMEM. */
int vmm_plan_advise_forbidden(struct vmm_plan *plan, const char *where);

/* Refuses --vsock of "run" beside the path that the VMM's own words, which end right before the path, have. Returns -EINVAL. */
int vmm_plan_refuse_vsock(const struct vmm_request *request, const char *words, const char *path,
                          struct failure *failure);

/* "NAME", "UID" or, as sudo(8) has it, "#UID"; each also with ":GROUP". NULL: nothing says who runs the VMM. */
void vmm_plan_set_user(struct vmm_plan *plan, const char *user);

/* The member key of the object's member object; NULL if one of them is not there. */
const struct cJSON *vmm_json_member(const struct cJSON *root, const char *object, const char *key);

/* Copies path as the VMM's vsock socket, or as its API socket. Returns 0 or -ENOMEM. */
int vmm_plan_set_vsock(struct vmm_plan *plan, const char *path);
int vmm_plan_set_api(struct vmm_plan *plan, enum vmm_api api, const char *path);

/* The parts of vmm_plan_make(), vmm_plan_file() and vmm_plan_wants_socket() that know one VMM. */
int vmm_plan_cloud_hypervisor(const struct vmm_request *request, struct vmm_plan *plan,
                              struct failure *failure);
int vmm_plan_firecracker(const struct vmm_request *request, struct vmm_plan *plan,
                         struct failure *failure);
int vmm_plan_jailer(const struct vmm_request *request, struct vmm_plan *plan,
                    struct failure *failure);
int vmm_plan_qemu(const struct vmm_request *request, struct vmm_plan *plan,
                  struct failure *failure);
char *vmm_file_cloud_hypervisor(const struct vmm_request *request);
int vmm_file_firecracker(const struct vmm_request *request, struct vmm_file *file);
char *vmm_file_qemu(const struct vmm_request *request);
bool vmm_wants_socket_cloud_hypervisor(const struct vmm_request *request);

#endif
