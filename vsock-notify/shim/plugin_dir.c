/* SPDX-License-Identifier: Apache-2.0 */
/* The folder of plugins; the Makefile defines PLUGIN_DIR. */
#include "plugin_dir.h"

const char plugin_dir[] = PLUGIN_DIR;
