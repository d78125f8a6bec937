/* SPDX-License-Identifier: Apache-2.0 */
/* What every fuzz target shares (see fuzz.h). */
#include "fuzz.h"

int fuzz_report_fd = STDERR_FILENO;
