/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which domain the guest is. By UUID or name, where it was said; else by the VMM's process, which libvirt's own
 * records must name: the ch driver's domain id is that process, and the qemu driver writes a file NAME.pid for each
 * domain. What a process says of itself (its command line) is not asked: a VMM that its guest
 * has taken over could say that it is another domain.
 */
#ifndef RPC_FIND_H
#define RPC_FIND_H

#include <libvirt/libvirt.h>

#include "plugins/libvirt/report.h"

/* A domain, or NULL: with the reason in libvirt's last error, or, where *why is not NULL, in that. */
virDomainPtr find_domain(virConnectPtr connection, const char *domain, const struct report *report,
                         const char **why);

#endif
