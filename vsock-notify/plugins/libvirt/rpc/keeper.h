/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The worker's parent: starts it again, with growing pauses, where it has died (libvirt's client is large, and its watchdog
 * is a signal), and ends it where it is not done in time after the shim's end.
 */
#ifndef RPC_KEEPER_H
#define RPC_KEEPER_H

#include "plugins/libvirt/slot.h"
#include "publish.h"

/* So long after the shim's end its last report may take. */
#define KEEPER_LAST_USEC UINT64_C(5000000)

/* Returns an exit status. */
int keeper_run(struct publisher *publisher, const struct slot *slot);

#endif
