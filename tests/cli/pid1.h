/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a notification is one of PID 1's, which ignores a byte in the answer (guest/answer_rule.h). */
#ifndef PID1_H
#define PID1_H

#include <string.h>

static inline int is_of_pid1(const char *text)
{
	return strstr(text, "X_SYSTEMD_") || strstr(text, "MONOTONIC_USEC=") ||
	       strstr(text, "STATUS=Ready.") || strstr(text, "User job ");
}

#endif
