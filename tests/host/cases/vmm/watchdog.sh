# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# WatchdogSec= watches the guest where the notify plugin is told to pass its signs of life on (watchdog=on): a guest that
# stops giving them is seen. Without the key they do not pass, and such a unit fails however lively its guest is.

# failed_by_watchdog: complains unless the unit fails, by its watchdog, and takes the VMM with it.
failed_by_watchdog() {
	local vmm
	vmm=$(vmm_pid)
	await_property ActiveState '^failed$'
	properties Result=watchdog
	until_so gone "$vmm"
}

# The guest's last sign comes 1.2 s after its first, and WatchdogSec= is 1 s.
signs='say=WATCHDOG=1 wait=400000 say=WATCHDOG=1 wait=400000 say=WATCHDOG=1 wait=400000 say=WATCHDOG=1'

vm watchdog "boot $signs hang" --plugin=notify,watchdog=on
setting WatchdogSec=1
judge watchdog-sees-a-guest-that-stops "$(
	job start || echo "systemctl start failed"
	failed_by_watchdog
	told_in_order READY=1 WATCHDOG=1 WATCHDOG=1 WATCHDOG=1
	lived=$(($(show InactiveEnterTimestampMonotonic) - $(show ActiveEnterTimestampMonotonic)))
	((lived > 2000000)) || echo "it failed $lived us after it was active: the signs of life did not count"
	never_told WATCHDOG=trigger
)"

vm watchdog-restart 'boot hang' --plugin=notify,watchdog=on
setting WatchdogSec=1 Restart=on-watchdog RestartSec=100ms
judge watchdog-restarts-a-guest-that-stops "$(
	job start || echo "systemctl start failed"
	await_property NRestarts '^[1-9]'
	await_property ActiveState '^active$'
)"

vm watchdog-trigger 'boot say=WATCHDOG=trigger say=WATCHDOG_USEC=1 say=STATUS=done hang' --plugin=notify,watchdog=on
judge watchdog-on-passes-signs-of-life-only "$(
	job start || echo "systemctl start failed"
	await_property StatusText '^done$'
	properties ActiveState=active WatchdogUSec=0
	never_told 'WATCHDOG'
)"

vm no-watchdog "boot $signs hang"
setting WatchdogSec=1
judge watchdog-off-passes-nothing "$(
	job start || echo "systemctl start failed"
	failed_by_watchdog
	never_told WATCHDOG=
)"
