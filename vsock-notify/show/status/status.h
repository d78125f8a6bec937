/* SPDX-License-Identifier: Apache-2.0 */
/* The command "vsock-notify status". */
#ifndef STATUS_H
#define STATUS_H

#include "cli/command.h"

extern const struct command status_command;

#endif
