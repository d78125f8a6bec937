/* SPDX-License-Identifier: Apache-2.0 */
/* The exit status of "vsock-notify run" (see exit_status.h). */
#include "exit_status.h"

#include <errno.h>
#include <stdlib.h>

#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND      127

bool exit_status_is_unknown(const struct exit_status *status)
{
	return status->unfinished && status->guest < 0 && status->vmm == 0 && !status->failed &&
	       !status->rebooting && !status->of_vmm;
}

int exit_status_of(const struct exit_status *status)
{
	if (status->failed)
		return EXIT_FAILURE;
	if (status->foreign && status->guest <= 0)
		return status->vmm;
	if (status->rebooting)
		return status->reboot;
	if (status->of_vmm)
		return status->vmm;
	if (status->guest >= 0)
		return status->guest;
	if (status->finished && status->ended)
		return EXIT_SUCCESS;
	return exit_status_is_unknown(status) ? status->unknown : status->vmm;
}

int exit_status_of_spawn(int error)
{
	return error == -ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}
