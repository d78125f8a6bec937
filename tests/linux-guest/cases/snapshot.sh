# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# A VM that comes from a snapshot is ready once it is restored: its guest does not say so again. After that its guest speaks as before.
# Where, the snapshot's own configuration says.

# Where the unit's user may write, which is somebody else at each start.
prepare_snapshot() {
	rm -rf "$store/snapshot"
	install -d -m 777 "$store/snapshot"
}

vm one
only cloud-hypervisor || return 0
judge snapshot-is-restored-as-ready "$(
	up
	prepare_snapshot
	boot=$(in_guest 'cat /proc/sys/kernel/random/boot_id')
	api vm.pause
	api vm.snapshot "{\"destination_url\":\"file://$store/snapshot\"}"
	discard
	mark
	configuration "--api-socket path=$run/api" "--restore source_url=file://$store/snapshot"
	start
	properties ActiveState=active
	state STATE ready
	told_in_order READY=1
	api vm.resume
	same "the guest's boot id" "$boot" "$(in_guest 'cat /proc/sys/kernel/random/boot_id')"
	in_guest 'NOTIFY_SOCKET=vsock-stream:2:1234 systemd-notify --no-block --status="as before"'
	await_property StatusText '^as before$'
)"
figure "restored, and its unit active, $(<"$work/took") s after systemctl start"
