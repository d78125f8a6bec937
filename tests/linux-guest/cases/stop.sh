# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# systemctl stop presses the power button, and the guest shuts down in order. Firecracker has no such button: there it is SIGTERM.

vm two
only cloud-hypervisor || return 0
judge stop-is-a-clean-shutdown "$(
	up
	until_so watches_button
	began=$SECONDS
	job stop || echo "systemctl stop failed"
	echo $((SECONDS - began)) >"$work/took"
	properties ActiveState=inactive Result=success
	! announces || {
		told_in_order STOPPING=1
		lines | grep -q 'guest: X_SYSTEMD_SHUTDOWN=poweroff' || echo "the guest did not say that it powers off"
	}
)"
figure "stopped $(<"$work/took") s after systemctl stop"
