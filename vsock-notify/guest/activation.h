/* SPDX-License-Identifier: Apache-2.0 */
/* Socket activation: takes over the listening socket that a service manager passed, as sd_listen_fds(3) does. */
#ifndef ACTIVATION_H
#define ACTIVATION_H

#include "listener.h"

/*
 * Takes the socket that was passed ($LISTEN_FDS, $LISTEN_PID) and removes these variables from the environment. path: where
 * the user wants to listen; NULL: wherever the socket is. Returns 1 if there was one, 0 if there was none, or a negative errno
 * with the reason in *failure: there were more than one, it is not a listening unix stream socket, or it is not at path.
 */
int listener_inherit(struct listener *listener, const char *path, struct failure *failure);

#endif
