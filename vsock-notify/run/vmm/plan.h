/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What "vsock-notify run" makes of a VMM's command line: where the vsock socket is, whether the guest
 * is told to report there, and what is to be added for that. Pure functions over argument vectors;
 * vmm_plan_cloud_hypervisor.c and vmm_plan_firecracker.c know one VMM each.
 */
#ifndef VMM_PLAN_H
#define VMM_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strv.h"

enum vmm_kind {
	VMM_AUTO, /* by the program's name */
	VMM_CLOUD_HYPERVISOR,
	VMM_FIRECRACKER,
	VMM_OTHER
};

/* How the guest is told where to report to (credential.h). */
enum vmm_credential {
	VMM_CREDENTIAL_AUTO, /* SMBIOS where the machine has it, else the kernel command line */
	VMM_CREDENTIAL_OEM_STRING,
	VMM_CREDENTIAL_CMDLINE,
	VMM_CREDENTIAL_NONE /* the user has seen to it */
};

struct vmm_request {
	const char *const *arguments; /* NULL-ended; the first is the program */
	enum vmm_kind kind;           /* not VMM_AUTO: see vmm_kind_of() */
	enum vmm_credential credential;
	bool has_smbios; /* the machine: x86-64 has */
	uint32_t port;
	bool port_given;            /* by the user, who then means it */
	const char *vsock;          /* the user's --vsock of ours; NULL: not given */
	const char *default_socket; /* for a VMM that has no vsock yet */
	const char *config_text;    /* Firecracker: what its config file says; NULL: no such file */
	int event_fd;               /* for --event-monitor fd=N; -1: not wanted */
};

/* To be freed by vmm_plan_free(). */
struct vmm_plan {
	struct strv arguments;
	char *vsock; /* the VMM's vsock socket */
	uint32_t port;
	char *api_socket; /* path of the VMM's API socket; NULL: none, or passed as a descriptor */
	bool event_monitor; /* arguments have ours */
	bool restored;      /* the VM comes from a snapshot and will not say READY=1 again */
	char *advice;       /* one line that the user should read; NULL: none */
	char *fault;        /* where making it failed: what is wrong and what to do */
};

/* The kind that program's name says, where asked is VMM_AUTO; asked otherwise. */
enum vmm_kind vmm_kind_of(enum vmm_kind asked, const char *program);

/* Whether vmm_plan_make() will want default_socket. */
bool vmm_plan_wants_socket(const struct vmm_request *request);

/*
 * Makes the plan. Returns 0; -EINVAL where the command line cannot be served, with plan->fault; or
 * -ENOMEM. plan is to be freed in each case.
 */
int vmm_plan_make(const struct vmm_request *request, struct vmm_plan *plan);

void vmm_plan_free(struct vmm_plan *plan);

/* What vmm_plan_make() is made of: one function, or two, a VMM. */
bool vmm_plan_wants_socket_cloud_hypervisor(const struct vmm_request *request);
int vmm_plan_cloud_hypervisor(const struct vmm_request *request, struct vmm_plan *plan);
int vmm_plan_firecracker(const struct vmm_request *request, struct vmm_plan *plan);

#endif
