/* SPDX-License-Identifier: Apache-2.0 */
/* "vsock-notify timeline": a guest's boot, as a table or a picture. */
#ifndef TIMELINE_H
#define TIMELINE_H

#include "cli/command.h"

extern const struct command timeline_command;

#endif
