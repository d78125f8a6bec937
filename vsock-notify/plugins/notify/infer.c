/* SPDX-License-Identifier: Apache-2.0 */
/* When a guest is taken for ready although its READY=1 was lost (theory: infer.h). */
#include "infer.h"

uint64_t infer_at(const struct infer *what, uint64_t at_usec, uint64_t now_usec)
{
	if (!what->allowed || !what->booting || !what->lost || !what->target)
		return 0;
	return what->spoke || at_usec == 0 ? now_usec + INFER_QUIET_USEC : at_usec;
}
