/* SPDX-License-Identifier: Apache-2.0 */
/* What is under way for one message of a guest. */
#ifndef DELIVERY_H
#define DELIVERY_H

/* The longest message that a service manager takes, in bytes (systemd's NOTIFY_BUFFER_MAX, PIPE_BUF). */
#define MESSAGE_MAX 4096

#endif
