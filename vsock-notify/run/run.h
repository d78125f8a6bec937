/* SPDX-License-Identifier: Apache-2.0 */
/* "vsock-notify run": the bridge, and the VMM that it starts, as one service. */
#ifndef RUN_H
#define RUN_H

#include "cli/command.h"

extern const struct command run_command;

#endif
