# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# systemctl stop of a VM that is paused: it is resumed, and its guest shuts down in order.

vm two
only cloud-hypervisor || return 0
judge paused-vm-is-stopped-in-order "$(
	up
	until_so watches_button
	api vm.pause
	await_property StatusText '[Pp]aused'
	began=$SECONDS
	job stop || echo "systemctl stop failed"
	echo $((SECONDS - began)) >"$work/took"
	properties ActiveState=inactive Result=success
	! announces || logged 'guest: X_SYSTEMD_SHUTDOWN=poweroff'
)"
figure "paused, and stopped $(<"$work/took") s after systemctl stop"
