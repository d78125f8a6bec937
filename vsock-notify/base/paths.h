/* SPDX-License-Identifier: Apache-2.0 */
/* Where the parts of this program are, set when it is linked: once for the tree, once for the installed. */
#ifndef PATHS_H
#define PATHS_H

/* All may begin with $ORIGIN, the folder of the running program. */
extern const char path_of_plugins[];
extern const char path_of_run[];    /* the program behind "vsock-notify run" */
extern const char path_of_show[];   /* the one behind "status", "wait" and "timeline" */
extern const char path_of_filter[]; /* which makes seccomp filters */

/* The path with $ORIGIN, as ld.so(8) has it, filled in. To be freed; NULL with errno set. */
char *path_expand(const char *path);

#endif
