# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Restart=on-failure starts another VM after a failure, and none after a success.

vm restart 'boot hang'
setting Restart=on-failure RestartSec=200ms
judge restart-on-failure "$(
	job start || echo "systemctl start failed"
	main=$(show MainPID)
	end_process "$(vmm_pid)" KILL
	await_property NRestarts '^1$'
	await_property ActiveState '^active$'
	is MainPID "^$main\$" && echo "it is still process $main"
	told_in_order READY=1 READY=1
)"

vm no-restart 'boot down=poweroff'
setting Restart=on-failure RestartSec=200ms
judge no-restart-on-success "$(
	job start || echo "systemctl start failed"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=inactive NRestarts=0
)"
