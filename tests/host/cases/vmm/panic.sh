# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The guest's kernel panics, and cloud-hypervisor says so: the unit fails at once, not at its time limit. The guest would
# hang for ever. No other VMM tells.

if [[ $template == cloud-hypervisor ]]; then
	vmm_options=--pvpanic
	vm panic-early 'say=STATUS=midway panic'
	judge panic-fails-the-start "$(
		job start && echo "systemctl start succeeded"
		properties ActiveState=failed Result=exit-code
		told_in_order STATUS=midway 'STATUS=.*[Pp]anic'
		never_told READY=1
	)"

	vm panic 'boot wait=200000 panic'
	judge panic-fails-the-unit "$(
		job start || echo "systemctl start failed"
		await_property ActiveState '^(inactive|failed)$'
		properties ActiveState=failed Result=exit-code
		told_in_order READY=1 'STATUS=.*[Pp]anic'
	)"
	vmm_options=
fi
