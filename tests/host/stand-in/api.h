/* SPDX-License-Identifier: Apache-2.0 */
/* The API socket of cloud-hypervisor and of Firecracker, as far as a stop needs it. */
#ifndef API_H
#define API_H

#define API_NEVER 0 /* takes a request and does not answer it */

enum api_request {
	API_POWER_BUTTON, /* cloud-hypervisor: PUT /api/v1/vm.power-button */
	API_RESUME,       /* cloud-hypervisor: PUT /api/v1/vm.resume, always answered with 204 */
	API_CTRL_ALT_DEL, /* Firecracker: PUT /actions with SendCtrlAltDel */
};

/*
 * Listens at path and serves it in a thread for good: a request is answered with the HTTP status, one that it does not know
 * with 404. As the real one, it keeps connections open. As cloud-hypervisor up to 52 and Firecracker, it does not remove
 * what is at path, and leaves its own socket there. Failure ends the program.
 */
void api_serve(const char *path, int status);

/* From now on each answer takes that long. */
void api_delay(unsigned int usec);

/* Returns when that was asked for, once for each time, and answered with 204. */
void api_wait(enum api_request request);

#endif
