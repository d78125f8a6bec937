/* SPDX-License-Identifier: Apache-2.0 */
/* The words of --log-level (see log_level.h). */
#include "log_level.h"

#include "include/vsock-notify-plugin.h"

const struct option_choice log_levels[] = {
	{"error", VSN_LOG_ERROR},
	{"warning", VSN_LOG_WARNING},
	{"info", VSN_LOG_INFO},
	{"debug", VSN_LOG_DEBUG},
	{0},
};
