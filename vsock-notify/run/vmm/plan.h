/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan that "vsock-notify run" makes from a VMM's command line: where the vsock socket is, whether the guest is told
 * to report there, which arguments are added to tell it, and how the VMM is stopped. Pure functions over argument vectors.
 * launcher.h knows programs in front of a VMM; plan_cloud_hypervisor.c, plan_firecracker.c and plan_qemu.c know one VMM each.
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
	enum vmm_kind kind;           /* VMM_AUTO: the name of the VMM's program decides */
	enum vmm_credential credential;
	bool has_smbios; /* of the machine: true on x86-64 */
	uint32_t port;
	bool port_given;            /* the user gave --port: another port is an error */
	const char *vsock;          /* --vsock of "run"; NULL: not given */
	const char *default_socket; /* used if the command line has no vsock */
	const char *config_text; /* contents of the file that vmm_plan_file() names; NULL: none */
	const char
		*config_error; /* why that file cannot be read; NULL: it could, or there is none */
	const char *jail_root; /* jailer's chroot without symlinks; NULL: as its arguments say */
	int event_fd;          /* for --event-monitor fd=N; -1: not wanted */
};

/* A file that describes the VM. Free both. */
struct vmm_file {
	char *root; /* path of the VMM's root folder, which path is below of; NULL: the VMM has the same as this program */
	char *path; /* NULL: no file is needed */
};

/* Free it with vmm_plan_free(). */
struct vmm_plan {
	struct strv arguments;
	enum vmm_kind kind; /* not VMM_AUTO */
	char *vsock;        /* the VMM's vsock socket, as this host sees it */
	uint32_t port;
	size_t first;        /* index of the VMM's program in arguments; 0: no launcher */
	const char *program; /* the VMM's own; points into arguments */
	enum vmm_api api;    /* VMM_API_NONE if and only if api_socket is NULL */
	char *api_socket;    /* path as this host sees it; NULL: none, or a passed descriptor */
	bool device_apart;   /* the vsock socket is not the VMM's, but vhost-device-vsock's */
	bool event_monitor;  /* the plan added --event-monitor to the arguments */
	bool restored;       /* the VM comes from a snapshot, so its PID 1 sends no READY=1 */
	bool paused;         /* the VM starts paused, until its API resumes it */
	bool stays;          /* the VMM does not end when the guest powers off */
	bool forks;          /* the program that is started exits and leaves the VMM behind */
	const char *user;    /* name or ID, if a launcher changes the VMM's user; else NULL */
	bool has_uid;        /* user is an ID: uid */
	uint32_t uid;
	char *advice;         /* one line for the user; NULL: none */
	char *monitor_advice; /* one line: why the event monitor is left out; NULL: it is not */
};

/* Returns asked, or, if that is VMM_AUTO, the kind that the program's name suggests. */
enum vmm_kind vmm_kind_of(enum vmm_kind asked, const char *program);

/* Whether vmm_plan_make() will use default_socket: only for cloud-hypervisor. */
bool vmm_plan_wants_socket(const struct vmm_request *request);

/*
 * Names the file that vmm_plan_make() needs as config_text: Firecracker's --config-file, config.json of the snapshot that
 * cloud-hypervisor restores, or the file with QEMU's credential. Returns 0 or -ENOMEM.
 */
int vmm_plan_file(const struct vmm_request *request, struct vmm_file *file);

/*
 * Makes the plan. Returns 0; -EINVAL with the failure set if the command line cannot be used; or -ENOMEM. The caller frees
 * the plan in each case.
 */
int vmm_plan_make(const struct vmm_request *request, struct vmm_plan *plan,
                  struct failure *failure);

/* What jailer makes the path of its chroot from. The pointers point into the request. */
struct vmm_jail {
	const char *base;
	const char *exec_file;
	const char *id;
};

/* Whether Firecracker's jailer is started; if so, says what its chroot's path is made from. */
bool vmm_plan_jail(const struct vmm_request *request, struct vmm_jail *jail);

void vmm_plan_free(struct vmm_plan *plan);

#endif
