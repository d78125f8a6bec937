/* SPDX-License-Identifier: Apache-2.0 */
/* Time in microseconds since the guest started. */
#ifndef GUEST_CLOCK_H
#define GUEST_CLOCK_H

#include <stdint.h>

void clock_start(void);
uint64_t clock_usec(void);

#endif
