# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# systemctl stop has the guest shut down in order: cloud-hypervisor presses its power button, Firecracker the keys Ctrl, Alt and Del,
# at which Linux reboots. That is Firecracker's end.

vm two
case $kind in
cloud-hypervisor) asked=watches_button way=poweroff ;;
firecracker) asked=watches_keys way=reboot ;;
esac
judge stop-is-a-clean-shutdown "$(
	up
	until_so "$asked"
	began=$SECONDS
	job stop || echo "systemctl stop failed"
	echo $((SECONDS - began)) >"$work/took"
	properties ActiveState=inactive Result=success
	! announces || logged "guest: X_SYSTEMD_SHUTDOWN=$way"
)"
figure "stopped $(<"$work/took") s after systemctl stop"
