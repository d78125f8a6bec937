# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The guest powers off, and that is the end of its unit: also under Firecracker, which goes on when its guest has halted. It is not
# systemd's time limit that ends it, and Restart=on-failure boots no second guest.

announces || return 0
vm one
setting Restart=on-failure
judge poweroff-is-the-end "$(
	up
	in_guest 'systemctl --no-block poweroff'
	until_so told_in_order 'EXIT_STATUS=0.*STOPPING=1'
	began=$SECONDS
	await_property ActiveState '^(inactive|failed)$'
	echo $((SECONDS - began)) >"$work/took"
	properties ActiveState=inactive Result=success ExecMainStatus=0 NRestarts=0
)"
figure "the unit ended $(<"$work/took") s after the guest's last word: $(lines | grep -E 'the VMM (exited|was ended)|linger' | paste -sd ';')"
setting
