/* SPDX-License-Identifier: Apache-2.0 */
/* One notification, as a guest's sd_notify() makes it over vsock, or as a bad guest would. */
#ifndef GUEST_NOTIFY_H
#define GUEST_NOTIFY_H

#include <stddef.h>
#include <stdint.h>

/* how a connection ends once its message has been sent */
enum ending {
	END_SHUTDOWN, /* systemd 256: shut down the sending side, wait for the host's end */
	END_PID1,     /* the same; PID 1 ignores what sd_notify() returns if the host sends data */
	END_CLOSE,    /* early releases of systemd 254: close at once */
	END_WAIT,     /* never shut down, wait for the host's end */
	END_RESET,    /* reset at once */
	END_OPEN,     /* leave it open for ever */
};

/* holds for all notifications begun after a change */
struct notify_settings {
	uint32_t port;
	uint32_t from;          /* the guest's own port; 0: another privileged one each time */
	uint32_t delay_usec;    /* between connect and send */
	uint32_t gap_usec;      /* between the parts of a message, and before its end */
	uint32_t cut;           /* where to cut messages in two, 0 for nowhere */
	uint32_t patience_usec; /* how long to wait for the host at each step */
};

extern struct notify_settings notify_settings;

#define NOTIFY_PARALLEL_MAX 100

void notify(const char *message, size_t length, enum ending ending);

/* notifies "STATUS=par1" ... "STATUS=parCOUNT" over connections that are all open at once */
void notify_parallel(uint32_t count);

/* lets time pass, handling what arrives */
void notify_pause(uint32_t usec);

/* waits until the device has seen all that was sent */
void notify_flush(void);

#endif
