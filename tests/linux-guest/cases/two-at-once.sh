# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Two VMs start at once, and each unit has its own guest's words.

say_name() {
	in_guest "NOTIFY_SOCKET=vsock-stream:2:1234 systemd-notify --no-block --status='this is $instance'"
	await_property StatusText "^this is $instance\$"
	properties ActiveState=active
}

vm two
discard
configure
other=$unit
vm one
discard
configure
judge two-vms-at-once "$(
	began=$SECONDS
	timeout "$patience" systemctl start "$unit" "$other" || echo "systemctl start failed"
	echo $((SECONDS - began)) >"$work/took"
	say_name
	vm two
	say_name
	vm one
	properties 'StatusText=this is one'
)"
figure "two guests ready $(<"$work/took") s after systemctl start of both"
