/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stages of confinement that have files of their own, for confine.c. Each returns 0, CONFINE_UNSUPPORTED, or a negative
 * errno.
 */
#ifndef CONFINE_STAGES_H
#define CONFINE_STAGES_H

#include "confine.h"

/* A stage returns this if the kernel does not have it. */
#define CONFINE_UNSUPPORTED 1

/* Has the seccomp filter made, and keeps it in the confinement for confine_seccomp(). */
int confine_filter(struct confinement *confinement);
void confine_filter_free(struct confinement *confinement);

int confine_capabilities(struct confinement *confinement);
int confine_landlock(struct confinement *confinement);
int confine_seccomp(struct confinement *confinement);

#endif
