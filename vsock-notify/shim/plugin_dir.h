/* SPDX-License-Identifier: Apache-2.0 */
/* The folder of plugins, set when the program is linked: one for the tree, one for the installed. */
#ifndef PLUGIN_DIR_H
#define PLUGIN_DIR_H

/* May begin with $ORIGIN, the folder of the running program. */
extern const char plugin_dir[];

#endif
