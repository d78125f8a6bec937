# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The guest reboots: in place with cloud-hypervisor, whose unit stays active. For Firecracker that is the end.

vm one
case $kind in
cloud-hypervisor)
	judge reboot-in-place-stays-active "$(
		up
		main=$(show MainPID)
		active=$(show ActiveEnterTimestampMonotonic)
		boot=$(in_guest 'cat /proc/sys/kernel/random/boot_id')
		in_guest 'systemctl --no-block reboot'
		until_so told_in_order 'STATUS=.*reboot' READY=1
		until_so state STATE ready
		properties ActiveState=active MainPID="$main" NRestarts=0 ActiveEnterTimestampMonotonic="$active"
		[[ $(in_guest 'cat /proc/sys/kernel/random/boot_id') != "$boot" ]] || echo "it is the same boot still"
		never_told 'STOPPING=1|EXIT_STATUS='
	)"
	;;
firecracker)
	judge reboot-ends-it "$(
		up
		in_guest 'systemctl --no-block reboot'
		await_property ActiveState '^(inactive|failed)$'
		properties ActiveState=inactive Result=success ExecMainStatus=0
	)"
	;;
esac
