/* SPDX-License-Identifier: Apache-2.0 */
/* cloud-hypervisor's API socket, as far as a power button. */
#ifndef API_H
#define API_H

#define API_NEVER 0 /* takes a request and does not answer it */

/*
 * Listens at path and serves it in a thread for good: "PUT /api/v1/vm.power-button" is answered with the HTTP status,
 * any other request with 404. As the real one, it keeps connections open. Failure ends the program.
 */
void api_serve(const char *path, int status);

/* Returns when the power button was pressed: a request for it was answered with 204. */
void api_wait_for_power_button(void);

#endif
