/* SPDX-License-Identifier: Apache-2.0 */
/* What became of each notification, printed when the script is over. */
#ifndef GUEST_REPORT_H
#define GUEST_REPORT_H

#include <stdint.h>

enum verdict {
	VERDICT_OK,
	VERDICT_EARLY,   /* the host closed before the guest was done: ENOTCONN, or EPIPE */
	VERDICT_REFUSED, /* nobody listens: ECONNRESET */
	VERDICT_TIMEOUT,
	VERDICT_EPROTO,  /* the host sent data */
	VERDICT_IGNORED, /* the host sent data, and PID 1 does not mind */
	VERDICTS
};

void report_note(enum verdict verdict, uint64_t held_usec);

/* prints the lines kept so far and the sums */
void report_print(void);

#endif
