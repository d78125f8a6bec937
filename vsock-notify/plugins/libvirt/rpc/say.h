/* SPDX-License-Identifier: Apache-2.0 */
/* Lines on standard error, as the shim's are, whatever is in what they quote. */
#ifndef RPC_SAY_H
#define RPC_SAY_H

/* One line; control characters and what is no ASCII become '?'. Never blocks for long: a line a change, no more. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
