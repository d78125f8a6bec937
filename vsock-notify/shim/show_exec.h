/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "vsock-notify status", "wait" and "timeline", which are one program of their
 * own (show/), for the same reason as "run" is (run_exec.h). This one becomes
 * it.
 */
#ifndef SHOW_EXEC_H
#define SHOW_EXEC_H

#include "options.h"

extern const struct command status_exec_command;
extern const struct command wait_exec_command;
extern const struct command timeline_exec_command;

#endif
