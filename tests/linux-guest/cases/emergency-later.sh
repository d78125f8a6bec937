# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# A guest that goes into emergency mode when it has been ready is not ready any more, and is again when it has left it. Its unit stays
# active meanwhile.

announces || return 0
vm one
judge emergency-later-and-back "$(
	up
	in_guest 'systemctl --no-block emergency'
	until_so state STATE emergency
	await_property StatusText emergency
	properties ActiveState=active
	in_guest 'systemctl --no-block default'
	until_so announced multi-user.target
	patience=20 until_so state STATE ready # is written at once
	properties ActiveState=active NRestarts=0
	never_told 'STOPPING=1|EXIT_STATUS='
)"
