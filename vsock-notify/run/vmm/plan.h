/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan that "vsock-notify run" makes from a VMM's command line: where the vsock socket is, whether the guest is told
 * to report there, and which arguments are added to tell it. Pure functions over argument vectors.
 * plan_cloud_hypervisor.c and plan_firecracker.c know one VMM each.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"
#include "base/strv.h"

enum vmm_kind {
	VMM_AUTO, /* the program's name decides */
	VMM_CLOUD_HYPERVISOR,
	VMM_FIRECRACKER,
	VMM_QEMU,
	VMM_OTHER
};

/* What the VMM's API socket speaks. */
enum vmm_api {
	VMM_API_NONE, /* there is no API socket, or it is a passed descriptor */
	VMM_API_CLOUD_HYPERVISOR,
	VMM_API_FIRECRACKER,
	VMM_API_QMP
};

/* How the guest is told where to report (credential.h). */
enum vmm_credential {
	VMM_CREDENTIAL_AUTO, /* by SMBIOS if the machine has it, else on the kernel command line */
	VMM_CREDENTIAL_OEM_STRING,
	VMM_CREDENTIAL_CMDLINE,
	VMM_CREDENTIAL_NONE /* the user tells it by other means */
};

struct vmm_request {
	const char *const *arguments; /* NULL-ended; the first is the program */
	enum vmm_kind kind;           /* not VMM_AUTO: see vmm_kind_of() */
	enum vmm_credential credential;
	bool has_smbios; /* of the machine: true on x86-64 */
	uint32_t port;
	bool port_given;            /* the user gave --port: another port is an error */
	const char *vsock;          /* --vsock of "run"; NULL: not given */
	const char *default_socket; /* used if the command line has no vsock */
	const char *config_text;    /* contents of Firecracker's config file; NULL: it has none */
	int event_fd;               /* for --event-monitor fd=N; -1: not wanted */
};

/* Free it with vmm_plan_free(). */
struct vmm_plan {
	struct strv arguments;
	char *vsock; /* the VMM's vsock socket */
	uint32_t port;
	const char *
		program; /* the VMM's own, not a launcher's in front of it; one of arguments.items */
	enum vmm_api api; /* VMM_API_NONE if and only if api_socket is NULL */
	/* Path of the VMM's API socket as this host sees it, with a jailer's chroot in front. NULL: none, or a passed descriptor. */
	char *api_socket;
	bool event_monitor; /* the plan added --event-monitor to the arguments */
	bool restored;      /* the VM comes from a snapshot, so its PID 1 sends no READY=1 */
	bool paused;        /* the VM starts paused: somebody has to resume it by the API */
	bool stays; /* the VMM does not end when the guest powers off (cloud-hypervisor --no-shutdown) */
	bool forks; /* the program that is started exits and leaves the VMM behind as a child */
	/* The user ID that the VMM will have, if a launcher such as jailer changes it. */
	bool has_uid;
	uint32_t uid;
	char *advice; /* one line for the user; NULL: none */
};

/* Returns asked, or, if that is VMM_AUTO, the kind that the program's name suggests. */
enum vmm_kind vmm_kind_of(enum vmm_kind asked, const char *program);

/* Whether vmm_plan_make() will use default_socket: only for cloud-hypervisor. */
bool vmm_plan_wants_socket(const struct vmm_request *request);

/*
 * Makes the plan. Returns 0; -EINVAL with the failure set if the command line cannot be used; or -ENOMEM. The caller frees
 * the plan in each case.
 */
int vmm_plan_make(const struct vmm_request *request, struct vmm_plan *plan,
                  struct failure *failure);

void vmm_plan_free(struct vmm_plan *plan);

/* The parts of vmm_plan_make() that know one VMM. */
int vmm_plan_cloud_hypervisor(const struct vmm_request *request, struct vmm_plan *plan,
                              struct failure *failure);
int vmm_plan_firecracker(const struct vmm_request *request, struct vmm_plan *plan,
                         struct failure *failure);

#endif
