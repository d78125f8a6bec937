# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# systemctl stop where the VMM has an API socket: a power button first, SIGTERM where that comes to nothing.

vmm_options="--api-socket path=@RUN@/api"
shutdown='say=STATUS=stopping say=EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=poweroff'

vm stop-204 "api=204 say=READY=1 power-button $shutdown" --stop-timeout=60s
judge stop-by-power-button "$(
	job start || echo "systemctl start failed"
	job stop || echo "systemctl stop failed"
	properties ActiveState=inactive Result=success ExecMainStatus=0
	said 'PUT /api/v1/vm.power-button'
	never_said 'stand-in: SIGTERM'
	told_in_order STATUS=stopping
)"

vm stop-204-42 'api=204 say=READY=1 power-button say=EXIT_STATUS=42\nX_SYSTEMD_SHUTDOWN=exit' --stop-timeout=60s
judge stop-by-power-button-keeps-the-exit-status "$(
	job start || echo "systemctl start failed"
	job stop
	properties ActiveState=failed ExecMainStatus=42
)"

for answer in 204 404 500 never; do
	vm "stop-$answer-term" "api=$answer say=READY=1 hang" --stop-timeout=1s
	judge "stop-by-sigterm-after-$answer" "$(
		job start || echo "systemctl start failed"
		job stop || echo "systemctl stop failed"
		properties ActiveState=inactive Result=success
		said 'PUT /api/v1/vm.power-button'
		said 'stand-in: SIGTERM'
	)"
done

vm stop-no-api 'say=READY=1 hang' --stop-timeout=1s
judge stop-by-sigterm-where-nothing-listens "$(
	job start || echo "systemctl start failed"
	job stop || echo "systemctl stop failed"
	properties ActiveState=inactive Result=success
	said 'stand-in: SIGTERM'
)"

# A second SIGTERM is impatience: it does not wait for the guest.
vm stop-twice 'api=204 say=READY=1 hang' --stop-timeout=60s
setting TimeoutStopSec=50
judge stop-by-a-second-sigterm "$(
	job start || echo "systemctl start failed"
	main=$(show MainPID)
	job stop --no-block
	until_so said 'PUT /api/v1/vm.power-button'
	end_process "$main" TERM
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=inactive Result=success
	said 'stand-in: SIGTERM'
)"
vmm_options=
