/* SPDX-License-Identifier: Apache-2.0 */
/* What "vsock-notify run" exits with (see exit_status.h). */
#include "exit_status.h"

#include <stdlib.h>

int exit_status_of(const struct exit_status *status)
{
	if (status->failed)
		return EXIT_FAILURE;
	if (!status->of_vmm && status->guest >= 0)
		return status->guest;
	return status->vmm;
}
