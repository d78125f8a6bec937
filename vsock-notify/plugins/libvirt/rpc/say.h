/* SPDX-License-Identifier: Apache-2.0 */
/* Writes lines to standard error, in the form of vsock-notify's own lines. */
#ifndef RPC_SAY_H
#define RPC_SAY_H

/* Writes one line. Control characters and bytes that are not ASCII become '?'. The line is dropped if writing would block. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
