/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks cloud-hypervisor to press the guest's ACPI power button: PUT /api/v1/vm.power-button at its API socket. The answer is
 * one HTTP status line. If it has not come after POWER_BUTTON_USEC, that counts as a refusal.
 */
#ifndef POWER_BUTTON_H
#define POWER_BUTTON_H

#include <stdbool.h>

#include "base/loop.h"

#define POWER_BUTTON_USEC UINT64_C(5000000)

struct power_button {
	struct loop *loop;
	struct loop_fd source;
	struct loop_timer timer;
	int fd;
	char reply[64];
	size_t length;
	/* Called once for each press, from the loop; pressed: the VMM answered that it did. */
	void (*answer)(struct power_button *button, bool pressed);
};

/* The caller sets answer. */
void power_button_init(struct power_button *button, struct loop *loop);
void power_button_deinit(struct power_button *button);

/*
 * Makes the socket for the next press. Call it before confinement, after which no socket can be made. Returns 0 or a
 * negative errno.
 */
int power_button_prepare(struct power_button *button);

/* Presses the button. Returns 0 if answer will be called, or a negative errno if the request could not be sent. */
int power_button_press(struct power_button *button, const char *api_socket);

/* Whether an HTTP status line is complete and its code is 2xx. Pure. */
bool power_button_reply_is_good(const char *reply);

#endif
