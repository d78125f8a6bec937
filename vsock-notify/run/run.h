/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "vsock-notify run" after its command line has been parsed: the service's main process. It listens before it starts the
 * VMM, so that the guest's first message is received. It exits after the VMM has ended and everything that the guest sent
 * has been delivered: the guest's last message, with its exit status, comes only milliseconds before the VMM ends.
 *
 *   plan -> listen -> spawn -> confine -> bridge and watch -> VMM has ended -> drain -> exit
 */
#ifndef RUN_H
#define RUN_H

#include "base/failure.h"
#include "run_options.h"
#include "spawn.h"

/*
 * Runs the VMM with these arguments (NULL-ended, the program first) until it has ended, or only prints its command line
 * if that is asked for. signals: the signal state at start. *status becomes the exit status of this process in each case.
 * Returns 0, or a negative errno with the failure set if the VMM could not be started as asked.
 */
int run_service(const struct run_options *options, const char *const *vmm,
                const struct spawn_signals *signals, int *status, struct failure *failure);

#endif
