/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a VM is called, if no --name= says so: after its vsock socket.
 *
 *   /run/vm/db.vsock, /run/vm/db.sock   db
 *   /run/db/vsock                       db
 *
 * Pure.
 */
#ifndef VM_NAME_H
#define VM_NAME_H

#include <stddef.h>
#include <stdint.h>

#include "state/state.h"

/* Writes the name of the VM whose vsock socket is at that path to name, which has STATE_NAME_MAX bytes. */
void vm_name(char *name, const char *vsock);

/*
 * Returns the length of the VSOCK part of "VSOCK_PORT", and stores PORT. A path without a port, as a service manager may
 * pass one, is VSOCK as a whole: then *port is unchanged.
 */
size_t vm_name_vsock(const char *socket, uint32_t *port);

#endif
