/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The descriptors that this process inherited, beside standard input, output and error. Some are for the VMM, such as a tap
 * device that its launcher opened. This process must not keep them: the device would stay open, and a guest that takes this
 * process over could use it.
 */
#ifndef INHERITED_FDS_H
#define INHERITED_FDS_H

#include <stdint.h>

/* Descriptors from this number on are ignored: nobody passes so many. */
#define INHERITED_FDS_MAX 1024

/* Remembers the descriptors that are open. Call it before anything is opened. */
void inherited_fds_note(void);

/* Closes the remembered descriptors, except keep (negative: no exception). */
void inherited_fds_close(int keep);

/* Removes the variables of sd_listen_fds(3), which say what the service manager has passed, from the environment. */
void inherited_fds_unset_passed(void);

#endif
