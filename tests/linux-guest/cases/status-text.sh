# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The unit's status text is the guest's, and follows it.

vm one
judge status-text-is-live "$(
	up
	in_guest 'NOTIFY_SOCKET=vsock-stream:2:1234 systemd-notify --no-block --status="serving 7 clients"' >"$work/said"
	await_property StatusText '^serving 7 clients$'
	systemctl status --no-pager "$unit" | grep -q 'Status: "serving 7 clients"' || echo "systemctl status does not show it"
	properties ActiveState=active
)"
