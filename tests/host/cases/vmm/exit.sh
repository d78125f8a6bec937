# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# How the guest ends is how the unit ends.

vm poweroff 'boot down=poweroff'
judge poweroff-is-success "$(
	job start || echo "systemctl start failed"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=inactive Result=success ExecMainStatus=0
	told_in_order READY=1 STOPPING=1
)"

vm exit-42 'boot down=exit:42'
judge exit-42-is-failure "$(
	job start || echo "systemctl start failed"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=failed Result=exit-code ExecMainStatus=42
	told_in_order READY=1 STOPPING=1
)"

# It is no launcher that has left a VMM behind, though its vsock device may be a process that ends after it.
vm quiet 'wait=100000'
judge exit-without-a-word-is-no-readiness "$(
	job start && echo "systemctl start succeeded"
	properties ActiveState=failed Result=protocol ExecMainStatus=0
)"

vm exit-early 'wait=100000 down=exit:3'
judge exit-before-ready-fails-the-start "$(
	job start && echo "systemctl start succeeded"
	properties ActiveState=failed Result=exit-code ExecMainStatus=3
)"

# What a program in the guest says of itself is not what the guest says of itself. Without a word of its own the guest's
# end is the VMM's.
vm exit-other 'boot say=EXIT_STATUS=7'
judge exit-of-a-program-is-not-the-guests "$(
	job start || echo "systemctl start failed"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=inactive Result=success ExecMainStatus=0
)"

vm killed 'say=STATUS=midway hang'
begin_start
judge vmm-killed-mid-boot-fails-the-start "$(
	await_property StatusText '^midway$'
	properties ActiveState=activating
	end_process "$(vmm_pid)" KILL
	await_property ActiveState '^failed$'
	properties Result=exit-code ExecMainStatus=137
)"
end_start
verdict "$label-vmm-killed-mid-boot-ends-systemctl" "$( ((start_status != 0)) || echo "systemctl start succeeded")"

# KillMode=process: systemd itself leaves the VMM alone.
vm orphan 'boot hang'
setting KillMode=process
judge vmm-dies-with-the-wrapper "$(
	job start || echo "systemctl start failed"
	vmm=$(vmm_pid)
	end_process "$(show MainPID)" KILL
	await_property ActiveState '^failed$'
	properties Result=signal
	until_so gone "$vmm"
)"
