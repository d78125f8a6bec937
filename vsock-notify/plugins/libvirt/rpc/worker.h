/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one who reads the reports and makes the calls: libvirt's event loop, with the plugin's descriptors in it. It may
 * die at any time and be started anew: all that it needs to know is in the slot.
 */
#ifndef RPC_WORKER_H
#define RPC_WORKER_H

#include "plugins/libvirt/slot.h"
#include "publish.h"

/* Works until the shim has ended and its last report is published, or cannot be. Returns an exit status. */
int worker_run(struct publisher *publisher, const struct slot *slot);

#endif
