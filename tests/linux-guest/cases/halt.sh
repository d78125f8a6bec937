# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# A guest that halts is still there to its VMM, which would go on for ever: the wrapper ends it, and the unit is a success.

announces || return 0
vm one
setting Restart=on-failure
judge halt-is-the-end "$(
	up
	in_guest 'systemctl --no-block halt'
	until_so told_in_order 'EXIT_STATUS=0.*STOPPING=1.*STATUS=.*halt'
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=inactive Result=success ExecMainStatus=0 NRestarts=0
)"
setting
