# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# What only the VMM knows: cloud-hypervisor's --event-monitor.

template=restored
vm restored 'event=vm:restoring event=vm:restored hang'
judge restored-is-ready "$(
	job start || echo "systemctl start failed"
	properties ActiveState=active
	told_in_order READY=1
)"

# Events come in order: when the second one is seen, the first one was.
vm restored-wait 'event=vm:restored event=vm:paused hang' --on-restore=wait
begin_start
judge restored-waits-where-asked "$(
	await_property StatusText '[Pp]aused'
	properties ActiveState=activating
	never_told READY=1
)"
end_start
template=cloud-hypervisor

vm paused 'say=READY=1\nSTATUS=Up. step event=vm:pausing event=vm:paused step event=vm:resuming event=vm:resumed hang'
judge paused-and-resumed "$(
	job start || echo "systemctl start failed"
	await_property StatusText '^Up\.$'
	step
	await_property StatusText '[Pp]aused'
	properties ActiveState=active
	step
	await_property StatusText '^Up\.$|[Rr]esumed|[Rr]unning'
)"

# What was known of the first life, basic.target, must be forgotten: the second one's READY=1 is that of emergency mode.
vm rebooted 'say=X_SYSTEMD_UNIT_ACTIVE=basic.target say=READY=1 step event=vm:rebooting event=vm:rebooted step say=X_SYSTEMD_HOSTNAME=again say=READY=1 say=X_SYSTEMD_UNIT_ACTIVE=emergency.target hang'
judge rebooted-starts-over "$(
	job start || echo "systemctl start failed"
	main=$(show MainPID)
	step
	await_property StatusText '[Rr]eboot'
	step
	await_property StatusText emergency
	properties ActiveState=active MainPID="$main" NRestarts=0
	never_told STOPPING=1
	same "the number of READY=1" 1 "$(told | grep -c READY=1)"
)"

vm rebooted-ready 'say=X_SYSTEMD_UNIT_ACTIVE=basic.target say=READY=1 step event=vm:rebooting event=vm:rebooted step say=X_SYSTEMD_UNIT_ACTIVE=basic.target say=READY=1 hang'
judge rebooted-is-ready-again "$(
	job start || echo "systemctl start failed"
	step
	await_property StatusText '[Rr]eboot'
	step
	until_so told_in_order READY=1 'STATUS=.*[Rr]eboot' READY=1
	properties ActiveState=active
)"

vm panic-early 'say=STATUS=midway event=guest:panic hang'
judge panic-fails-the-start "$(
	job start && echo "systemctl start succeeded"
	properties ActiveState=failed Result=exit-code
	told_in_order 'STATUS=.*[Pp]anic'
	never_told READY=1
)"

vm panic 'say=READY=1 step event=guest:panic hang'
judge panic-fails-the-unit "$(
	job start || echo "systemctl start failed"
	step
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=failed Result=exit-code
	told_in_order READY=1 'STATUS=.*[Pp]anic'
)"

# The last words before the end arrive, however close to it they are.
vm last-words 'say=READY=1 say=EXIT_STATUS=42\nX_SYSTEMD_SHUTDOWN=exit exit=0'
judge last-words "$(
	job start || echo "systemctl start failed"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=failed ExecMainStatus=42
)"
