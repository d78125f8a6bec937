# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# A reboot that is to run the unit's start again: the wrapper exits with 133, as systemd-nspawn does, and the unit has
# RestartForceExitStatus=133. Asked for by the signals of machinectl reboot, or by the guest with --reboot=exit.

poweroff='say=EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=poweroff'
reboot='say=EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot'
whom=--kill-whom=main
((host_version >= 252)) || whom=--kill-who=main

# starts_again: complains unless $unit's wrapper has exited with 133, once, and another one is active.
starts_again() {
	await_property NRestarts '^1$'
	await_property ActiveState '^active$'
	properties NRestarts=1
	journalctl --sync
	[[ -n $(journalctl -u "$unit" -o cat --no-pager _PID=1 | grep -m 1 'code=exited, status=133') ]] || echo "no end with status 133"
}

vmm_options="--api-socket path=@RUN@/api"
for signal in SIGRTMIN+5 SIGINT; do
	vm "reboot-${signal/+/-}" "api=204 say=READY=1 power-button $poweroff" --stop-timeout=60s
	setting RestartForceExitStatus=133 RestartSec=100ms
	judge "reboot-by-$signal-is-in-order" "$(
		job start || echo "systemctl start failed"
		systemctl kill "$whom" -s "$signal" "$unit" || echo "systemctl kill failed"
		starts_again
		said 'PUT /api/v1/vm.power-button'
		never_said 'stand-in: SIGTERM'
	)"
done

vm reboot-status 'api=204 say=READY=1 power-button say=EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=poweroff' --exit-status-reboot=7
judge reboot-has-the-status-that-was-asked-for "$(
	job start || echo "systemctl start failed"
	systemctl kill "$whom" -s SIGRTMIN+5 "$unit" || echo "systemctl kill failed"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=failed Result=exit-code ExecMainStatus=7
)"

vm power-off-signal "api=204 say=READY=1 power-button $poweroff" --stop-timeout=60s
setting RestartForceExitStatus=133 RestartSec=100ms
judge power-off-by-SIGRTMIN+4-is-the-end "$(
	job start || echo "systemctl start failed"
	systemctl kill "$whom" -s SIGRTMIN+4 "$unit" || echo "systemctl kill failed"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=inactive Result=success NRestarts=0
)"
vmm_options=

# The guest reboots: its VMM starts it again in place, or is about to. With --reboot=exit that is the wrapper's end.
vm reboot-exit-word "say=READY=1 step $reboot hang" --reboot=exit --linger=1s
setting RestartForceExitStatus=133 RestartSec=100ms
judge reboot-exit-ends-at-the-last-word "$(
	job start || echo "systemctl start failed"
	step
	starts_again
)"

vm reboot-exit-event 'say=READY=1 step event=vm:rebooting event=vm:rebooted hang' --reboot=exit
setting RestartForceExitStatus=133 RestartSec=100ms
judge reboot-exit-ends-at-the-event "$(
	job start || echo "systemctl start failed"
	step
	starts_again
)"

vm reboot-exit-once "say=READY=1 $reboot event=vm:rebooted hang" --reboot=exit --exit-status-reboot=0
setting Restart=on-failure RestartSec=100ms
judge reboot-exit-can-be-success "$(
	job start || echo "systemctl start failed"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=inactive Result=success ExecMainStatus=0 NRestarts=0
)"

vm reboot-exit-poweroff "say=READY=1 $poweroff" --reboot=exit
judge reboot-exit-leaves-a-power-off-alone "$(
	job start || echo "systemctl start failed"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=inactive Result=success ExecMainStatus=0
)"
