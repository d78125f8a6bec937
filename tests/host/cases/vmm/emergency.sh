# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# A guest in emergency mode is not ready, though it says READY=1.

vm emergency 'boot-emergency hang'
begin_start
judge emergency-keeps-waiting "$(
	await_property StatusText emergency
	properties ActiveState=activating
	never_told READY=1
)"
end_start
verdict "$label-emergency-can-be-stopped" "$( ((start_status != 0)) || echo "systemctl start succeeded")"

vm emergency-fail 'boot-emergency hang' --on-emergency=fail
judge emergency-fails-where-asked "$(
	job start && echo "systemctl start succeeded"
	properties ActiveState=failed Result=exit-code
	told_in_order STATUS=.*emergency
	never_told READY=1
)"
