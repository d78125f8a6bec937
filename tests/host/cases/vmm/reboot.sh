# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The guest reboots, which for cloud-hypervisor and QEMU is no end: the unit stays active. The script starts over with the
# guest, so it does that for ever. Firecracker ends.

vm reboot 'boot wait=200000 down=reboot'
if [[ $template == firecracker ]]; then
	judge reboot-ends-it "$(
		job start || echo "systemctl start failed"
		await_property ActiveState '^(inactive|failed)$'
		properties ActiveState=inactive Result=success ExecMainStatus=0
	)"
else
	judge reboot-in-place-stays-active "$(
		job start || echo "systemctl start failed"
		main=$(show MainPID)
		active=$(show ActiveEnterTimestampMonotonic)
		until_so told_in_order READY=1 STATUS=.*reboot READY=1 STATUS=.*reboot READY=1
		properties ActiveState=active MainPID="$main" NRestarts=0 ActiveEnterTimestampMonotonic="$active"
		never_told 'STOPPING=1|EXIT_STATUS='
	)"

	vm reloading 'boot wait=200000 down=reboot' --reboot=reloading
	judge reboot-as-reloading "$(
		job start || echo "systemctl start failed"
		main=$(show MainPID)
		until_so told_in_order READY=1 RELOADING=1.*MONOTONIC_USEC= READY=1 RELOADING=1 READY=1
		await_property ActiveState '^reloading$'
		await_property ActiveState '^active$'
		properties MainPID="$main" NRestarts=0
		never_told 'STOPPING=1|EXIT_STATUS='
	)"
fi
