/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a VMM's API is asked so that the guest shuts down in order, and what the API answers. Pure functions.
 *
 *   cloud-hypervisor  HTTP: PUT vm.resume, PUT vm.power-button (vmm/src/api/openapi/cloud-hypervisor.yaml, 53.0)
 *   Firecracker       HTTP: PATCH /vm Resumed, PUT /actions SendCtrlAltDel (src/firecracker/swagger/firecracker.yaml, 1.17)
 *   QEMU              QMP: qmp_capabilities, cont, system_powerdown (qapi/control.json, misc.json, machine.json, 10.0)
 *
 * A paused guest sees neither a power button nor a key, so it is resumed first. Firecracker has no power button: a guest's
 * systemd takes Ctrl-Alt-Del for a reboot, and Firecracker ends when its guest reboots.
 */
#ifndef VMM_API_H
#define VMM_API_H

#include <stdbool.h>
#include <stddef.h>

#include "plan.h"

#define VMM_API_REQUESTS_MAX 4
#define VMM_API_WORDS_MAX    160

struct vmm_api_request {
	const char *text;    /* "": nothing is sent, because the API speaks first */
	bool may_be_refused; /* the next request is sent in any case */
};

/* Fills in the requests, in order. resume: the guest is paused, or may be. Returns their number, 0 for VMM_API_NONE. */
unsigned vmm_api_requests(enum vmm_api api, bool resume,
                          struct vmm_api_request requests[VMM_API_REQUESTS_MAX]);

enum vmm_api_verdict {
	VMM_API_INCOMPLETE, /* more bytes must come */
	VMM_API_DONE,
	VMM_API_REFUSED
};

struct vmm_api_answer {
	enum vmm_api_verdict verdict;
	size_t length;                 /* bytes of it, with what came before it and is no answer */
	char words[VMM_API_WORDS_MAX]; /* what the VMM said if it refused, for the log */
};

/* Reads the first answer in text, which has length bytes and a NUL after them. */
struct vmm_api_answer vmm_api_read_answer(enum vmm_api api, const char *text, size_t length);

#endif
