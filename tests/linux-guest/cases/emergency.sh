# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# A guest that boots into emergency mode is not ready, though its PID 1 says READY=1 there; it is once it has left it.

announces || return 0
vm one
discard
configure systemd.unit=emergency.target
judge emergency-is-not-ready-until-it-is-over "$(
	systemctl start --no-block "$unit"
	await_property StatusText emergency
	properties ActiveState=activating
	never_told READY=1
	in_guest 'systemctl --no-block default'
	await_property ActiveState '^active$'
	until_so state STATE ready
	told_in_order 'STATUS=.*emergency' READY=1
)"
