# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Reboots that are to run the unit's start again. The guest reboots with --reboot=exit: the wrapper ends with 133. The signal of
# "machinectl reboot" does the same in order, and the unit, with RestartForceExitStatus=133, starts another VM.

announces || return 0
vm one
discard
run_options=--reboot=exit
configure
run_options=
setting RestartForceExitStatus=
judge reboot-exit-ends-the-unit "$(
	start
	in_guest 'systemctl --no-block reboot'
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=inactive Result=success NRestarts=0
	logged 'VM stopped with status 133'
	# its guest has had the time to unmount
	[[ $kind != cloud-hypervisor ]] || logged 'VM rebooted'
)"
setting

vm one
discard
mark
case $kind in
cloud-hypervisor) asked=watches_button way=poweroff ;;
firecracker) asked=watches_keys way=reboot ;;
esac
judge machinectl-reboot-is-in-order "$(
	up
	until_so "$asked"
	boot=$(in_guest 'cat /proc/sys/kernel/random/boot_id')
	main=$(show MainPID)
	systemctl kill "$main_only" -s SIGRTMIN+5 "$unit" || echo "systemctl kill failed"
	until_so restarted
	await_property ActiveState '^active$'
	properties NRestarts=1
	[[ $(show MainPID) != "$main" ]] || echo "it is the same process"
	[[ $(in_guest 'cat /proc/sys/kernel/random/boot_id') != "$boot" ]] || echo "it is the same boot still"
	logged "guest: X_SYSTEMD_SHUTDOWN=$way"
)"
