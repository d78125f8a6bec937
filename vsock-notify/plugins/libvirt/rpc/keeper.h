/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The worker's parent. It starts the worker again if it has died, with growing pauses: libvirt's client library is large, and
 * the worker's watchdog is a signal. After vsock-notify has ended, it gives the worker some time for the last report and then
 * ends it.
 */
#ifndef RPC_KEEPER_H
#define RPC_KEEPER_H

#include "plugins/libvirt/slot.h"
#include "publish.h"

/* How long the last report may take after vsock-notify has ended. */
#define KEEPER_LAST_USEC UINT64_C(5000000)

/* Returns an exit status. */
int keeper_run(struct publisher *publisher, const struct slot *slot);

#endif
