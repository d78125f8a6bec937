# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# --on-emergency=fail: a VMM that does not end at SIGTERM, whose guest says on and on that it is in emergency mode, is killed
# after five seconds all the same; it got one SIGTERM and the journal one error line.

emergency='X_SYSTEMD_UNIT_ACTIVE=emergency.target'

vm emergency-stubborn "stubborn say=X_SYSTEMD_HOSTNAME=a say=READY=1 say=$emergency repeat=$emergency" --on-emergency=fail
judge emergency-fails-a-stubborn-vmm "$(
	job start && echo "systemctl start succeeded"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=failed Result=exit-code NRestarts=0
	! knows_whose_lines || same "the number of SIGTERM" 1 "$(lines | grep -c 'stand-in: SIGTERM')"
	! knows_whose_lines || same "the number of error lines" 1 "$(lines | grep -c 'emergency mode (--on-emergency=fail)')"
	never_told READY=1
)"
