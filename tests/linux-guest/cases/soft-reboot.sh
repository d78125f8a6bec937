# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The guest's user space starts over; its kernel and its VM do not.

announces || return 0
vm one
judge soft-reboot-stays-active "$(
	up
	main=$(show MainPID)
	active=$(show ActiveEnterTimestampMonotonic)
	boot=$(in_guest 'cat /proc/sys/kernel/random/boot_id')
	in_guest 'systemctl --no-block soft-reboot'
	until_so told_in_order 'STATUS=.*reboot' READY=1
	until_so state STATE ready
	properties ActiveState=active MainPID="$main" NRestarts=0 ActiveEnterTimestampMonotonic="$active"
	same "the guest's boot id" "$boot" "$(in_guest 'cat /proc/sys/kernel/random/boot_id')"
	never_told 'STOPPING=1|EXIT_STATUS='
)"
