/* SPDX-License-Identifier: Apache-2.0 */
/* The stand-in's command line. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "connection.h"
#include "message.h"

#include <stdbool.h>
#include <stdint.h>

#define SENDERS_MAX 256

struct options {
	struct backend backend;
	struct latency latency;
	uint64_t seed;
	unsigned int pid1_senders;
	unsigned int program_senders;
	unsigned int pid1_count;    /* messages of all PID 1 senders together */
	unsigned int program_count; /* messages of all program senders together */
	unsigned int bad_count[BAD_COUNT];
	unsigned int progress; /* report each time so many were sent; 0 for never */
	long timeout_usec;
	bool barrier;      /* each program's message is followed by BARRIER=1 */
	bool cut;          /* programs' messages are cut into pieces */
	bool full_close;   /* send and close, as early releases of systemd 254 do */
	bool rst;          /* the VMM answers an RST by an RST, where the mode's VMM does */
	bool unseen;       /* what is lost leaves no connection either */
	bool lose_ready;   /* each sender's first READY=1 is lost */
	unsigned int lose; /* each sender's message of this number, from 1, is lost; 0 for none */
	bool parallel;     /* the script's PID 1 and its programs do not wait for each other */
	const char *script;
	double speed; /* of the script; 0 for as fast as it goes */
};

/* Returns 0 to go on, 1 when there is nothing more to do, or a negative errno. */
int options_parse(struct options *options, int argc, char **argv);

#endif
