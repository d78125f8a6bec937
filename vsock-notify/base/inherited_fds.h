/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The descriptors that this process was started with, beside standard input, output and error. The VMM's
 * are among them (a tap device, opened by who starts it), and they are not to stay here: what is held
 * open is not closed, and what is open can be used.
 */
#ifndef INHERITED_FDS_H
#define INHERITED_FDS_H

#include <stdint.h>

/* Descriptors from here on are left alone: nobody passes that many. */
#define INHERITED_FDS_MAX 1024

/* Takes down which are open. To be called first of all. */
void inherited_fds_note(void);

/* Closes those but keep (negative: none). */
void inherited_fds_close(int keep);

#endif
