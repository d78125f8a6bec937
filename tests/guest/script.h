/* SPDX-License-Identifier: Apache-2.0 */
/* What the guest does: the words of its kernel command line, in order. */
#ifndef GUEST_SCRIPT_H
#define GUEST_SCRIPT_H

#include <stdbool.h>

/* returns the first word that is not understood, or NULL */
const char *script_check(void);

/* executes all words, then powers off if no word has ended the machine before */
_Noreturn void script_run(void);

#endif
