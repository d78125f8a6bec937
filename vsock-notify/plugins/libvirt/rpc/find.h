/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the guest's domain: by its UUID or name if the user gave one, else by the VMM's process. libvirt's own records must
 * name that process: the ch driver uses the pid as the domain's id, and the qemu driver writes a file NAME.pid for each
 * domain. The command line of the process is not used, because a VMM that its guest has taken over could change it.
 */
#ifndef RPC_FIND_H
#define RPC_FIND_H

#include <libvirt/libvirt.h>

#include "plugins/libvirt/report.h"

/* Returns the domain, or NULL. The reason is then in *why, or, if that is NULL, in libvirt's last error. */
virDomainPtr find_domain(virConnectPtr connection, const char *domain, const struct report *report,
                         const char **why);

#endif
