/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a report as XML, for a domain's metadata. docs/libvirt.md has its elements. */
#ifndef RPC_DOCUMENT_H
#define RPC_DOCUMENT_H

#include <time.h>

#include "plugins/libvirt/report.h"

#define DOCUMENT_URI "urn:vsock-notify:state:1"
#define DOCUMENT_KEY "vsock-notify"

/*
 * Returns one element without a namespace; libvirt adds the namespace. Whatever bytes the report has, the element is
 * well-formed, has no control characters, and is shorter than 16 KiB. The caller frees it. NULL: no memory.
 */
char *document_make(const struct report *report, time_t since);

#endif
