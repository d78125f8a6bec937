/* SPDX-License-Identifier: Apache-2.0 */
/* The command "vsock-notify run": its command line. */
#ifndef RUN_COMMAND_H
#define RUN_COMMAND_H

#include "cli/command.h"

extern const struct command run_command;

#endif
