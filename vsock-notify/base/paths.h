/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The paths of the other parts of vsock-notify. paths.c is compiled twice: with the paths in the build tree, and with those
 * of the installed programs.
 */
#ifndef PATHS_H
#define PATHS_H

/* Each may begin with $ORIGIN, which stands for the folder of the running program. */
extern const char path_of_plugins[];
extern const char path_of_run[];    /* the program behind "vsock-notify run" */
extern const char path_of_show[];   /* the program behind "status", "wait" and "timeline" */
extern const char path_of_filter[]; /* the program that makes seccomp filters */

/* Replaces $ORIGIN at the beginning of path, as ld.so(8) does. The caller frees the result. NULL with errno set on errors. */
char *path_expand(const char *path);

#endif
