/* SPDX-License-Identifier: Apache-2.0 */
/* The words of --log-level. */
#ifndef LOG_LEVEL_H
#define LOG_LEVEL_H

#include "options.h"

/* Each with its level of base/log.h, most severe first. */
extern const struct option_choice log_levels[];

#endif
