/* SPDX-License-Identifier: Apache-2.0 */
/* "vsock-notify serve": the bridge beside a VMM that somebody else starts. */
#ifndef SERVE_H
#define SERVE_H

#include "cli/command.h"

extern const struct command serve_command;

#endif
