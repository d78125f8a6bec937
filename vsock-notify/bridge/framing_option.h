/* SPDX-License-Identifier: Apache-2.0 */
/* The option --framing: its words, and how its value is parsed. What the modes mean: guest/waiting_rule.h. */
#ifndef FRAMING_OPTION_H
#define FRAMING_OPTION_H

#include "cli/options.h"
#include "guest/waiting_rule.h"

/* The words of the modes. After a word that ends in ':' microseconds follow. */
extern const struct option_choice framing_words[];

/*
 * Parses "auto", "eof" or "settle:USEC". Returns 0; -EINVAL if it is none of them; -ERANGE if USEC is above
 * WAITING_SETTLE_MAX_USEC.
 */
int framing_option_parse(const char *text, struct waiting_options *options);

#endif
