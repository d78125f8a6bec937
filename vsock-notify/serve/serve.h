/* SPDX-License-Identifier: Apache-2.0 */
/* The command "vsock-notify serve": the bridge for a VMM that it does not start itself. */
#ifndef SERVE_H
#define SERVE_H

#include "cli/command.h"

extern const struct command serve_command;

#endif
