/* SPDX-License-Identifier: Apache-2.0 */
/* The command "vsock-notify wait". */
#ifndef WAIT_H
#define WAIT_H

#include "cli/command.h"

extern const struct command wait_command;

#endif
