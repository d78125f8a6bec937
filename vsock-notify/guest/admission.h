/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which connections there are: who is admitted, and which connection is closed to make room.
 *
 * Every connection is accepted, because the VMM may block until it is. Then it is closed at once, if its process or port
 * may not speak, or it becomes one of at most connections->max. When there are that many, the least valuable connection is
 * evicted, the oldest of its kind. PID 1 sends its whole message as soon as it is connected, so the order is:
 *
 *   1. has not sent a byte          4. sent a message that may not be whole
 *   2. has not ended                5. connected less than ADMISSION_YOUNG_USEC ago
 *   3. its message is queued        6. waits for a barrier
 *
 * (5) protects a new connection from being evicted at once when a few slow ones fill the table. A new connection is never
 * refused for lack of room: otherwise a program in the guest could lock PID 1 out.
 */
#ifndef ADMISSION_H
#define ADMISSION_H

#include "connection.h"

/*
 * Takes over fd, a nonblocking connection that has just been accepted. It is read in the last pass of the loop's round. If
 * it may not speak, or there is no memory, it is closed at once.
 */
void connections_add(struct connections *connections, int fd);

/* Whether another connection can be added without an eviction. */
bool connections_have_room(const struct connections *connections);

/* Evicts one connection in the order above. Returns whether there was one. */
bool connections_give_way(struct connections *connections);

/* Closes those that have not sent a byte. */
void connections_close_silent(struct connections *connections);

/* Closes those whose message has not ended, which is lost. Returns how many there were. */
unsigned connections_close_unended(struct connections *connections);

/* Closes all. none_left is not called. */
void connections_close_all(struct connections *connections);

#endif
