/* SPDX-License-Identifier: Apache-2.0 */
/* When a guest is taken for ready although its READY=1 was lost (theory: infer.h). */
#include "infer.h"

uint64_t infer_at(const struct infer *what, uint64_t at_usec, uint64_t now_usec)
{
	if (!what->allowed || !what->booting || what->paused || !what->target)
		return 0;
	if (at_usec > 0 && !what->spoke)
		return at_usec;
	return now_usec + (what->lost ? INFER_QUIET_USEC : INFER_LONG_QUIET_USEC);
}
