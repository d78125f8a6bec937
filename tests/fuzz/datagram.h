/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a datagram for the host's service manager may be, whatever a guest sends: sd_notify(3) by a list of
 * what is harmless, written anew here so that it shares nothing with the product's own.
 */
#ifndef DATAGRAM_H
#define DATAGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the user asked for, beyond the default, and what has happened. */
struct datagram_rules {
	bool reloading;   /* RELOADING=1 may come, with the host's clock */
	bool errors;      /* ERRNO, BUSERROR, VARLINKERROR may */
	bool extensions;  /* X_FUZZ and X_PRE* may */
	bool watchdog;    /* WATCHDOG=1 may */
	bool no_status;   /* deny=STATUS */
	bool no_stopping; /* deny=STOPPING */
	bool ready;       /* the guest is ready by its own word, or its VM was restored */
	bool exits;       /* the message has X_SYSTEMD_SHUTDOWN */
	uint64_t now_usec;
	uint64_t extend_max_usec; /* of one EXTEND_TIMEOUT_USEC */
	size_t status_max;        /* 0: no limit of its own */
	const char *status_prefix;
};

/* What it says, for who keeps count. */
struct datagram_facts {
	bool ready;
	bool stopping;
	bool reloading;
	bool watchdog;
	int exit_status; /* -1: none */
	uint64_t extend_usec;
};

/* Ends the process where the datagram is not one that may be sent. */
struct datagram_facts datagram_check(const struct datagram_rules *rules, const char *text,
                                     size_t length);

#endif
