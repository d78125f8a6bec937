/* SPDX-License-Identifier: Apache-2.0 */
/* The command "vsock-notify timeline". */
#ifndef TIMELINE_H
#define TIMELINE_H

#include "cli/command.h"

extern const struct command timeline_command;

#endif
