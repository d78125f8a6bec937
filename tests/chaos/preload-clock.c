/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For LD_PRELOAD: clocks that jump, for one process only. CLOCK_MONOTONIC is ahead by as many seconds as
 * the number at the start of the file that $CHAOS_SWITCH names, as after a long stop; timers are set
 * back by as much, so that they come when they should. The wall clock says something else at each look,
 * and time(2) and gettimeofday(2) too: nothing may depend on it.
 */
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>

#include "preload.h"

#define EXPORT __attribute__((visibility("default")))

static const char *ahead = "0";
static unsigned looks;

/* The program's one timer, in the program's time, and what the kernel's was computed with. */
static struct {
	int fd;
	bool absolute;
	struct itimerspec when;
	long ahead;
} timer;

__attribute__((constructor)) static void begin(void)
{
	ahead = preload_switch();
}

static time_t jump(void)
{
	/* Ten years to and fro. */
	return (time_t)(++looks % 7) * 52560000 - 157680000;
}

static int set_kernel_timer(struct itimerspec *before)
{
	struct itimerspec real = timer.when;

	timer.ahead = preload_number(ahead);
	if (timer.absolute && (real.it_value.tv_sec || real.it_value.tv_nsec)) {
		/* A time that has passed stays one, and is not 0, which would be none. */
		real.it_value.tv_sec -= timer.ahead;
		if (real.it_value.tv_sec < 0)
			real.it_value = (struct timespec){.tv_nsec = 1};
	}
	return (int)syscall(SYS_timerfd_settime, timer.fd, timer.absolute ? TFD_TIMER_ABSTIME : 0,
	                    &real, before);
}

EXPORT int clock_gettime(clockid_t clock, struct timespec *now)
{
	int r = (int)syscall(SYS_clock_gettime, clock, now);

	/* It has jumped: what the timer stands at is nearer now. */
	if (timer.absolute && timer.ahead != preload_number(ahead))
		set_kernel_timer(NULL);
	if (r == 0 && clock == CLOCK_MONOTONIC)
		now->tv_sec += preload_number(ahead);
	else if (r == 0 && clock == CLOCK_REALTIME)
		now->tv_sec += jump();
	return r;
}

EXPORT time_t time(time_t *now)
{
	struct timespec wall = {0};

	clock_gettime(CLOCK_REALTIME, &wall);
	if (now)
		*now = wall.tv_sec;
	return wall.tv_sec;
}

EXPORT int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	(void)zone;
	now->tv_sec = time(NULL);
	now->tv_usec = 0;
	return 0;
}

EXPORT int timerfd_settime(int fd, int flags, const struct itimerspec *when,
                           struct itimerspec *before)
{
	timer.fd = fd;
	timer.absolute = flags & TFD_TIMER_ABSTIME;
	timer.when = *when;
	return set_kernel_timer(before);
}
