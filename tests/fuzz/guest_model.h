/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a guest has said of its units, as far as it is plain: READY=1 alone is not readiness, and this model
 * says when it must not be passed on. A message that it does not know makes it doubt, and doubt allows.
 */
#ifndef GUEST_MODEL_H
#define GUEST_MODEL_H

#include <stdbool.h>
#include <stddef.h>

/* Zero: a life that has just begun. */
struct guest_model {
	bool doubt;
	bool announces; /* a systemd that announces its units */
	bool basic;     /* basic.target is active */
	bool emergency; /* emergency.target is */
};

/* Whether this message may bring about that the service manager is told READY=1. */
bool guest_model_may_be_ready(const struct guest_model *model, const char *text, size_t length);

/* Whether this message ends a life for certain, and does nothing else: what had been said is void. */
bool guest_model_is_end(const char *text, size_t length);

/* The message has come. */
void guest_model_heard(struct guest_model *model, const char *text, size_t length);

#endif
