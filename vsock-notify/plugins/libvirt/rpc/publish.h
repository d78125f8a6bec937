/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The connection to libvirt, and the guest's domain behind it. Calls block; a watchdog of CALL_SECONDS ends the process that
 * makes them where libvirtd does not answer, and whoever keeps it starts another.
 */
#ifndef RPC_PUBLISH_H
#define RPC_PUBLISH_H

#include <stdbool.h>

#include <libvirt/libvirt.h>

#include "plugins/libvirt/report.h"

#define CALL_SECONDS 60

enum publish_result {
	PUBLISHED,
	PUBLISH_LATER, /* libvirtd is not there, or does not want to: to be tried again */
	PUBLISH_NOWHERE /* there is no such domain, or it does not run: until libvirt says otherwise */
};

struct publisher {
	const char *uri;    /* NULL: libvirt's default */
	const char *domain; /* NULL: found by the process */
	bool trace;
	char *uuid; /* VIR_UUID_STRING_BUFLEN bytes: the domain that was found; outlives this process */

	virConnectPtr connection;
	virDomainPtr found;
	uint32_t found_pid;  /* the process it was found by */
	bool again;          /* libvirt has said: what was published may not be there any more */
	char *said;          /* what is wrong, and has been said to be */
	uint64_t since_usec; /* which time, */
	long since;          /* and what the wall clock showed then */
};

/* Once for each process, before anything else. */
void publish_init(void);

/* Publishes it, with whatever has to be connected and found for that. */
enum publish_result publish(struct publisher *publisher, const struct report *report);

void publish_close(struct publisher *publisher);

#endif
