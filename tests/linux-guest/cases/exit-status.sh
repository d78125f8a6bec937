# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The exit status that the guest's PID 1 ends with is the unit's.

vm one
only cloud-hypervisor && announces || return 0
judge exit-status-is-the-units "$(
	up
	in_guest 'systemctl --no-block exit 42'
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=failed Result=exit-code ExecMainStatus=42
	told_in_order STOPPING=1
)"
