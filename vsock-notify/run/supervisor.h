/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The VMM that "vsock-notify run" started. The supervisor waits for its end, passes signals on to it, and ends it in the way
 * that is best for the guest. It moves through these stages, only forwards, and each of them but the first has a deadline,
 * so that no VMM can keep the service:
 *
 *   RUNNING
 *   ASKED       the guest is to shut down: the stop command runs, or the VMM's API was asked. After stop_timeout: SIGTERM
 *   LINGERING   the guest has shut down, and the VMM may end by itself. After linger: SIGTERM
 *   TERMINATED  SIGTERM was sent. After SUPERVISOR_KILL_USEC: SIGKILL. If SIGTERM is the only way to ask, that time is
 *               stop_timeout
 *   KILLED      SIGKILL was sent. After SUPERVISOR_KILL_USEC the VMM counts as ended: it hangs in the kernel, or belongs to
 *               a user whom this process may not signal
 *
 * SIGTERM, SIGRTMIN+3 and SIGRTMIN+4 ask the guest to shut down, and so do SIGINT and SIGRTMIN+5, which ask for a reboot:
 * then the service ends with the exit status by which its unit starts again. A refusal goes on to SIGTERM at once, and so
 * does a request in any other stage than RUNNING; silence is waited for. Other signals are passed on as they come, except
 * those from the terminal: the VMM is in the same process group and has received them already.
 *
 * This process is a subreaper: it waits for every child, also for those that the VMM or a launcher has left behind.
 */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include <stdbool.h>
#include <sys/signalfd.h>
#include <sys/types.h>

#include "api_client.h"
#include "base/loop.h"
#include "spawn.h"
#include "stop_command.h"

/* systemd(1): its PID 1 halts, powers off and reboots at these. systemd-machined sends +4 to power a machine off. */
#define SUPERVISOR_HALT      (SIGRTMIN + 3)
#define SUPERVISOR_POWER_OFF (SIGRTMIN + 4)
#define SUPERVISOR_REBOOT    (SIGRTMIN + 5)

#define SUPERVISOR_KILL_USEC    UINT64_C(5000000)
#define SUPERVISOR_HANG_UP_USEC UINT64_C(1000000)

enum supervisor_stage {
	SUPERVISOR_RUNNING,
	SUPERVISOR_ASKED,
	SUPERVISOR_LINGERING,
	SUPERVISOR_TERMINATED,
	SUPERVISOR_KILLED
};

/* How the VMM has ended. */
struct vmm_end {
	int status;   /* exit code, or 128 + the signal's number */
	bool foreign; /* by a signal that did not come from here */
	bool asked;   /* while its guest was to shut down by the VMM's API */
	bool interrupted; /* after its guest was asked to shut down, and before the API confirmed that it does */
	bool left_behind; /* it has not ended, but it cannot be ended either */
};

struct supervisor {
	struct loop *loop;
	pid_t pid; /* 0: the VMM has not been started, or has ended */
	enum supervisor_stage stage;
	struct loop_timer timer; /* the stage's deadline */
	struct api_client client;
	struct stop_command command;
	enum vmm_api api;
	const char *api_socket; /* NULL if there is no API */
	uint64_t stop_timeout_usec;
	uint64_t linger_usec;
	bool leads_session; /* the terminal's hang-up comes to this process alone */
	bool maybe_paused;  /* resume the guest before it is asked to shut down */
	bool reboot;        /* what was asked for is a reboot */
	bool shuts_down; /* the API, the stop command or the guest has said that the guest shuts down */
	bool asked;      /* the guest was asked to shut down, or to reboot */
	bool by_command;   /* the guest was asked by the stop command */
	bool hung_up;      /* the API's connection has ended without an answer */
	bool out_of_reach; /* it may not be signalled */
	uint64_t sent;     /* the signals that were sent to the VMM, as bits by number */
	/*
	 * Called when the process has ended that is the VMM or a launcher that has left the VMM behind. Returns the pid of the
	 * VMM, a child of this process, or 0 if it has ended. NULL: no launcher is followed.
	 */
	pid_t (*follow)(struct supervisor *supervisor, int status);
	/* Whether a process is the VMM or descends from it: only such a one is asked. NULL: every one is. */
	bool (*is_ours)(struct supervisor *supervisor, pid_t pid);
	/* Called when the VMM has ended. */
	void (*ended)(struct supervisor *supervisor, const struct vmm_end *end);
};

/* Sets everything but api, api_socket, the times, follow and ended, which the caller sets. */
void supervisor_init(struct supervisor *supervisor, struct loop *loop);

/*
 * Makes this process a subreaper, has the loop call supervisor_signal() for the signals that it handles, and ignores SIGPIPE.
 * Returns 0 or a negative errno.
 */
int supervisor_catch_signals(struct supervisor *supervisor);

/* Starts the VMM, see spawn(). Returns 0, or a negative errno with the failure set. */
int supervisor_start(struct supervisor *supervisor, const struct spawn *what,
                     struct failure *failure);

/* Handles a signal that came to this process. user: the supervisor. */
void supervisor_signal(void *user, const struct signalfd_siginfo *info);

/* The guest has shut down: the VMM is to end by itself, in linger_usec. A second call changes nothing. */
void supervisor_linger(struct supervisor *supervisor);

/* The VMM has ended, or counts as ended: what was watched is not the VMM. Calls ended. */
void supervisor_leave(struct supervisor *supervisor, const struct vmm_end *end);

/*
 * Ends the VMM: SIGTERM, and SIGKILL if it is still there after SUPERVISOR_KILL_USEC. A second call changes nothing: the VMM
 * has no more time because the guest repeats itself.
 */
void supervisor_give_up(struct supervisor *supervisor);

/* Ends a VMM that is still running, by SIGKILL, and waits for it, SUPERVISOR_KILL_USEC at most. */
void supervisor_deinit(struct supervisor *supervisor);

#endif
