/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Publishes reports as metadata of the guest's domain, by a connection to libvirt. The calls block. If libvirtd does not answer
 * for CALL_SECONDS, a watchdog ends the process, and its keeper starts another one.
 */
#ifndef RPC_PUBLISH_H
#define RPC_PUBLISH_H

#include <stdbool.h>

#include <libvirt/libvirt.h>

#include "plugins/libvirt/report.h"

#define CALL_SECONDS 60

enum publish_result {
	PUBLISHED,
	PUBLISH_LATER, /* libvirtd is not running, or refuses: try again later */
	PUBLISH_NOWHERE /* there is no such domain, or it is not running: wait for libvirt's events */
};

struct publisher {
	const char *uri;    /* NULL: libvirt's default */
	const char *domain; /* NULL: found by the process */
	bool trace;
	char *uuid; /* VIR_UUID_STRING_BUFLEN bytes: the domain that was found; the next worker sees it too */

	virConnectPtr connection;
	virDomainPtr found;
	uint32_t found_pid; /* the process that the domain was found by */
	bool again; /* an event of libvirt: what was published may be gone, so publish it again */
	char said[256]; /* the last reason that was logged, or its beginning; "": all is well */
	uint64_t since_usec; /* a report's time, */
	long since;          /* and the wall clock's time for it */
};

/* Call it once in each process, before anything else. */
void publish_init(void);

/* Publishes a report. Connects to libvirt and finds the domain if necessary. */
enum publish_result publish(struct publisher *publisher, const struct report *report);

void publish_close(struct publisher *publisher);

#endif
