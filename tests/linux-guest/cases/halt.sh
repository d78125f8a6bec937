# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# A guest that halts is still there to its VMM, which goes on. The unit stops, and systemd's time limit ends it: that is not waited for.

announces || return 0
vm one
judge halt-says-stopping "$(
	up
	in_guest 'systemctl --no-block halt'
	until_so told_in_order 'EXIT_STATUS=0.*STOPPING=1.*STATUS=.*halt'
	until_so state SHUTDOWN halt
	properties ActiveState=deactivating
)"
discard
