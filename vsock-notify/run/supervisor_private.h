/* SPDX-License-Identifier: Apache-2.0 */
/* What supervisor.c (the VMM's process) and supervisor_stages.c (how it is ended) use of each other. */
#ifndef SUPERVISOR_PRIVATE_H
#define SUPERVISOR_PRIVATE_H

#include "supervisor.h"

/* Sends the VMM a signal, and remembers that it came from here. */
void supervisor_send(struct supervisor *supervisor, int signal);

/* Waits for all children that have ended. */
void supervisor_reap(struct supervisor *supervisor);

/* Asks the guest to shut down, or ends a VMM whose guest was asked already. */
void supervisor_request_stop(struct supervisor *supervisor, bool reboot);

/* Callbacks. status: as waitpid(2) has it. */
void supervisor_stage_time(struct loop_timer *timer, uint64_t now);
void supervisor_api_answer(struct api_client *client, enum api_result result, const char *words);
bool supervisor_may_ask(struct api_client *client, pid_t pid);
void supervisor_command_ended(struct supervisor *supervisor, int status);

#endif
