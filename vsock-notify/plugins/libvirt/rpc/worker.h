/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the reports and calls libvirt: libvirt's event loop, which also watches the plugin's descriptors. A worker may die at
 * any time, and another one takes its place: everything that it needs is in the slot.
 */
#ifndef RPC_WORKER_H
#define RPC_WORKER_H

#include "plugins/libvirt/slot.h"
#include "publish.h"

/* Works until vsock-notify has ended and its last report has been published, or cannot be. Returns an exit status. */
int worker_run(struct publisher *publisher, const struct slot *slot);

#endif
