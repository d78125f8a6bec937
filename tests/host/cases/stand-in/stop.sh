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
		[[ $answer == never || $answer == 204 ]] || [[ -n $(lines | grep -v '^stand-in:' | grep "$answer") ]] || echo "no line has the VMM's answer, $answer"
	)"
done

# An API that takes its time is not one that refuses.
vm stop-slow "api=204 slow=6000000 say=READY=1 power-button $shutdown" --stop-timeout=25s
setting TimeoutStopSec=40
judge stop-by-a-power-button-that-takes-six-seconds "$(
	job start || echo "systemctl start failed"
	job stop || echo "systemctl stop failed"
	properties ActiveState=inactive Result=success ExecMainStatus=0
	never_said 'stand-in: SIGTERM'
)"

# No wait is without an end: SIGKILL follows SIGTERM, before systemd's own limit.
vm stop-stubborn 'stubborn api=204 say=READY=1 hang' --stop-timeout=1s
setting TimeoutStopSec=30
judge stop-of-a-vmm-that-ignores-everything "$(
	job start || echo "systemctl start failed"
	job stop
	same Result "not timeout" "$([[ $(show Result) == timeout ]] && echo timeout || echo "not timeout")"
	await_property ActiveState '^(inactive|failed)$'
)"

# systemd's default, KillMode=control-group, sends SIGTERM to the VMM too, so that its guest has no time to shut down: the log says why.
# Either the VMM has answered by then, or not yet.
for slow in 0 500000; do
	vm "stop-control-group-$slow" "api=204 slow=$slow say=X_SYSTEMD_UNIT_ACTIVE=basic.target say=READY=1 power-button wait=1000000 $shutdown" --stop-timeout=60s
	setting KillMode=control-group
	judge "stop-with-killmode-control-group-$slow-is-explained" "$(
		job start || echo "systemctl start failed"
		job stop || echo "systemctl stop failed"
		properties ActiveState=inactive Result=success
		said 'KillMode=mixed'
	)"
done

vm stop-mixed "api=204 say=READY=1 power-button $shutdown" --stop-timeout=60s
setting KillMode=mixed
judge stop-with-killmode-mixed-is-by-power-button "$(
	job start || echo "systemctl start failed"
	job stop || echo "systemctl stop failed"
	properties ActiveState=inactive Result=success
	said 'PUT /api/v1/vm.power-button'
	never_said 'KillMode='
)"

# A command in place of the power button: the guest is told by it, here by the stand-in's step.
vm stop-command "say=READY=1 step $shutdown" --stop-timeout=60s "--stop-command=\"echo \$VMM_PID >/run/vms/stop-command.pid; echo >/run/vms/$label-stop-command.steps\""
judge stop-by-a-command-of-ones-own "$(
	job start || echo "systemctl start failed"
	vmm_process=$(vmm_pid)
	job stop || echo "systemctl stop failed"
	properties ActiveState=inactive Result=success ExecMainStatus=0
	same "the command's VMM_PID" "$vmm_process" "$(cat /run/vms/stop-command.pid 2>&1)"
	never_said 'stand-in: SIGTERM'
)"

vm stop-command-fails 'say=READY=1 hang' --stop-timeout=60s '--stop-command="exit 3"'
judge stop-by-sigterm-where-the-command-fails "$(
	job start || echo "systemctl start failed"
	job stop || echo "systemctl stop failed"
	properties ActiveState=inactive Result=success
	said 'stand-in: SIGTERM'
)"

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

# Firecracker has no power button, but keys that its guest takes as one.
template=firecracker-api vmm=/stand-in/firecracker
vm stop-keys "api=204 say=READY=1 ctrl-alt-del say=STATUS=stopping say=EXIT_STATUS=0\\nX_SYSTEMD_SHUTDOWN=reboot exit=0" --stop-timeout=60s
judge stop-of-firecracker-by-ctrl-alt-del "$(
	job start || echo "systemctl start failed"
	job stop || echo "systemctl stop failed"
	properties ActiveState=inactive Result=success ExecMainStatus=0
	never_said 'stand-in: SIGTERM'
	told_in_order STATUS=stopping
)"

for answer in 400 never; do
	vm "stop-keys-$answer" "api=$answer say=READY=1 hang" --stop-timeout=1s
	judge "stop-of-firecracker-by-sigterm-after-$answer" "$(
		job start || echo "systemctl start failed"
		job stop || echo "systemctl stop failed"
		properties ActiveState=inactive Result=success
		said 'PUT /actions'
		said 'stand-in: SIGTERM'
	)"
done
template=cloud-hypervisor vmm=/stand-in/cloud-hypervisor
