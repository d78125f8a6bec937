/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking cloud-hypervisor to press the guest's ACPI power button: PUT /api/v1/vm.power-button at its
 * API socket. One request, one status line; the VMM is not waited for longer than POWER_BUTTON_USEC.
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
	/* Whether the VMM said that it has pressed it. Called once a press, from the loop. */
	void (*answer)(struct power_button *button, bool pressed);
};

/* answer is to be set by the caller. */
void power_button_init(struct power_button *button, struct loop *loop);
void power_button_deinit(struct power_button *button);

/*
 * Makes the socket that the next press uses, where it cannot be made then any more (confinement).
 * Returns 0 or -errno.
 */
int power_button_prepare(struct power_button *button);

/* Once at a time. Returns 0 where answer will be called, or -errno where the request could not be made. */
int power_button_press(struct power_button *button, const char *api_socket);

/* Whether an HTTP status line says that it worked (2xx). Pure. */
bool power_button_reply_is_good(const char *reply);

#endif
