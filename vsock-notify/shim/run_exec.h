/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "vsock-notify run", which is a program of its own (run/): it needs a JSON library, whose memory the
 * many processes of "serve" should not carry. This one becomes it.
 */
#ifndef RUN_EXEC_H
#define RUN_EXEC_H

#include "options.h"

extern const struct command run_command;

#endif
