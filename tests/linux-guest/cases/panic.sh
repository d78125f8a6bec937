# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The guest's kernel panics, and the VMM's pvpanic device tells: the unit fails at once. Only cloud-hypervisor has one.

vm one
only cloud-hypervisor || return 0
judge panic-fails-the-unit "$(
	up
	in_guest 'echo 1 >/proc/sys/kernel/sysrq; echo c >/proc/sysrq-trigger'
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=failed Result=exit-code
	told_in_order 'STATUS=.*[Pp]anic'
)"
