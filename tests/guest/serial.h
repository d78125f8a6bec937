/* SPDX-License-Identifier: Apache-2.0 */
/* The guest's voice: text to the first serial port. */
#ifndef GUEST_SERIAL_H
#define GUEST_SERIAL_H

#include <stdint.h>

void serial_start(void);
void serial_text(const char *text);
void serial_number(uint32_t number);

#endif
