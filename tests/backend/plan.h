/* SPDX-License-Identifier: Apache-2.0 */
/* Draws the course of a connection: its pieces and every latency on its way. */
#ifndef PLAN_H
#define PLAN_H

#include "connection.h"
#include "message.h"
#include "options.h"

/* For a message of PID 1 or a program. */
void plan_draw(struct plan *plan, const struct options *options, const struct message *message,
               struct prng *prng);

/* For a message that is wrong on purpose; @release_fd ends a wait that nobody else ends. */
void plan_draw_bad(struct plan *plan, const struct options *options, const struct message *message,
                   enum bad_kind bad, int release_fd, struct prng *prng);

#endif
