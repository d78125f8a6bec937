/* SPDX-License-Identifier: Apache-2.0 */
/* A report as the XML that is a domain's metadata (docs/libvirt.md has its elements). */
#ifndef RPC_DOCUMENT_H
#define RPC_DOCUMENT_H

#include <time.h>

#include "plugins/libvirt/report.h"

#define DOCUMENT_URI "urn:vsock-notify:state:1"
#define DOCUMENT_KEY "vsock-notify"

/*
 * One element without a namespace, which libvirt puts it into. Whatever the report's bytes are, it is well-formed, of text
 * without control characters, and shorter than 16 KiB. To be freed with free(); NULL where there is no memory.
 */
char *document_make(const struct report *report, time_t since);

#endif
