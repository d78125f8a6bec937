/* SPDX-License-Identifier: Apache-2.0 */
/* Signals that interrupt a wait (see interrupt.h). */
#include "interrupt.h"

#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t came;
static sigset_t mask;
static bool masked;

static void note(int number)
{
	came = number;
}

void interrupt_catch(int number)
{
	struct sigaction action = {.sa_handler = note};
	struct sigaction before;
	sigset_t set;

	if (sigaction(number, NULL, &before) < 0 || before.sa_handler == SIG_IGN)
		return;
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_BLOCK, &set, masked ? NULL : &mask);
	masked = true;
	sigdelset(&mask, number);
	sigaction(number, &action, NULL);
}

const sigset_t *interrupt_mask(void)
{
	return masked ? &mask : NULL;
}

int interrupt_taken(void)
{
	int number = came;

	came = 0;
	return number;
}

void interrupt_die(int number)
{
	sigset_t set;

	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
	_exit(128 + number);
}
