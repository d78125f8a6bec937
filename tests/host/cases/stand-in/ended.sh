# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The guest has said its last word and the VMM is still there, as Firecracker is after "systemctl poweroff", and each VMM after
# "systemctl halt". The unit ends with the guest's status, in order: not by TimeoutStopSec=, after which Restart=on-failure would
# boot a guest that has powered off.

poweroff='say=EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=poweroff'

# With nothing but defaults: --linger=10s.
vm ended "say=READY=1 $poweroff hang"
setting Restart=on-failure RestartSec=100ms TimeoutStopSec=30
judge ended-vmm-that-stays-is-ended "$(
	patience=45
	job start || echo "systemctl start failed"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=inactive Result=success ExecMainStatus=0 NRestarts=0
	told_in_order READY=1 STOPPING=1
	! knows_whose_lines || said 'stand-in: SIGTERM'
)"

vm ended-halt 'say=READY=1 say=EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=halt hang' --linger=1s
setting Restart=on-failure RestartSec=100ms
judge ended-by-halt-is-success "$(
	job start || echo "systemctl start failed"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=inactive Result=success NRestarts=0
)"

vm ended-exit-42 'say=READY=1 say=EXIT_STATUS=42\nX_SYSTEMD_SHUTDOWN=exit hang' --linger=1s
judge ended-vmm-that-stays-has-the-guests-status "$(
	job start || echo "systemctl start failed"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=failed Result=exit-code ExecMainStatus=42
)"

# SIGKILL after SIGTERM is of our own making, so the guest's status is still the unit's.
vm ended-stubborn "stubborn say=READY=1 $poweroff hang" --linger=1s
setting Restart=on-failure RestartSec=100ms TimeoutStopSec=30
judge ended-vmm-that-ignores-sigterm-is-killed "$(
	patience=45
	job start || echo "systemctl start failed"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=inactive Result=success NRestarts=0
	! knows_whose_lines || same "the number of SIGTERM" 1 "$(lines | grep -c 'stand-in: SIGTERM')"
)"

vm ended-by-itself "say=READY=1 $poweroff wait=300000" --linger=60s
judge ended-vmm-that-ends-by-itself-is-left-alone "$(
	job start || echo "systemctl start failed"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=inactive Result=success
	never_said 'stand-in: SIGTERM'
)"

# The guest said that all is well, but its VMM was ended by a signal that nobody here has sent: SIGSEGV, SIGKILL.
for number in 11 9; do
	vm "ended-signal-$number" "say=READY=1 $poweroff die=$number"
	judge "ended-vmm-that-dies-of-signal-$number-fails" "$(
		job start || echo "systemctl start failed"
		await_property ActiveState '^(inactive|failed)$'
		properties ActiveState=failed Result=exit-code ExecMainStatus=$((128 + number))
	)"
done

# The VMM was told to stay, so it stays, and the unit with it. The guest's word comes later than the end of --linger=.
vmm_options="--no-shutdown --api-socket path=@RUN@/api"
for linger in '' --linger=500ms; do
	vm "no-shutdown${linger//[=-]/}" "api=204 say=READY=1 $poweroff wait=1000000 say=STATUS=still\\shere hang" $linger
	judge "no-shutdown${linger:+-beyond-linger}-stays-active" "$(
		job start || echo "systemctl start failed"
		await_property StatusText '^still here$'
		properties ActiveState=active NRestarts=0
		never_told STOPPING=1
		never_said 'stand-in: SIGTERM'
	)"
done

vm no-shutdown-stop "api=204 say=READY=1 power-button $poweroff hang" --stop-timeout=1s
judge no-shutdown-is-stopped "$(
	job start || echo "systemctl start failed"
	job stop || echo "systemctl stop failed"
	properties ActiveState=inactive Result=success
)"
vmm_options=
