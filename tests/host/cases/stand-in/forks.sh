# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# A launcher that exits while the VMM goes on: the unit is as if the VMM had been started by itself. It is active until the VMM ends,
# has the guest's status, and is stopped in order; only its signals need --follow.

last='say=EXIT_STATUS=42\nX_SYSTEMD_SHUTDOWN=exit exit=0'
launched=$vmm
vmm=/project/tests/host/stand-in/forks.sh

for how in child session daemon twice; do
	vm "forks-$how" "wait=500000 say=READY=1 step $last" --vmm=cloud-hypervisor
	setting "Environment=FORKS=$how"
	judge "forked-vmm-by-$how-is-followed" "$(
		job start || echo "systemctl start failed"
		properties ActiveState=active
		main=$(show MainPID)
		step
		await_property ActiveState '^(inactive|failed)$'
		properties ActiveState=failed Result=exit-code ExecMainPID="$main" ExecMainStatus=42
		told_in_order READY=1 STOPPING=1
	)"

	vm "forks-$how-term" 'wait=500000 say=READY=1 hang' --vmm=cloud-hypervisor --follow
	setting "Environment=FORKS=$how"
	judge "forked-vmm-by-$how-is-ended-by-sigterm" "$(
		job start || echo "systemctl start failed"
		pid=$(vmm_pid)
		[[ -n $pid ]] || echo "the VMM is no child of the wrapper"
		job stop || echo "systemctl stop failed"
		properties ActiveState=inactive Result=success
		gone "$pid"
	)"
done

vm forks-killed 'wait=500000 say=READY=1 hang' --vmm=cloud-hypervisor --follow
setting Environment=FORKS=session
judge forked-vmm-that-is-killed-fails-the-unit "$(
	job start || echo "systemctl start failed"
	end_process "$(vmm_pid)" KILL
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=failed Result=exit-code ExecMainStatus=137
)"

vmm_options="--api-socket path=@RUN@/api"
vm forks-api 'api=204 wait=500000 say=READY=1 power-button say=EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=poweroff' \
	--vmm=cloud-hypervisor --stop-timeout=60s
setting Environment=FORKS=session
judge forked-vmm-is-stopped-by-power-button "$(
	job start || echo "systemctl start failed"
	job stop || echo "systemctl stop failed"
	properties ActiveState=inactive Result=success
	never_said 'stand-in: SIGTERM'
)"
vmm_options=
vmm=$launched
