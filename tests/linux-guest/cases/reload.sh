# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The guest's manager reloads, and a service hands it a descriptor to keep. PID 1 says RELOADING=1, and from systemd 261 on, told by
# $FDSTORE, FDSTORE=1 without the descriptor, which vsock cannot carry: neither is for the host's service manager, and the guest
# stays ready.

vm one
judge reload-and-fd-store-stay-in-the-guest "$(
	up
	in_guest 'systemd-run -q --wait -p NotifyAccess=all -p FileDescriptorStoreMax=2 -p FileDescriptorStorePreserve=yes --unit=keeper \
			bash -c "systemd-notify --fd=3 --fdname=kept 3</etc/hostname" && echo kept
		systemctl daemon-reload && echo reloaded' >"$work/said"
	same "what the guest says" "kept reloaded" "$(paste -sd ' ' "$work/said")"
	state STATE ready
	properties ActiveState=active
	never_told 'FDSTORE|FDNAME|RELOADING|STOPPING'
)"
figure "of a descriptor that a service stores, PID 1 says: $(lines | grep -oE '"FDSTORE[^"]*"' | sort | uniq -c | paste -sd ' ')"
