#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# socat-vmm.sh VSOCK CLOUD_HYPERVISOR ARGS...: what launch scripts do without vsock-notify: socat beside the VMM,
# with the options that microvm.nix has.
set -euo pipefail

vsock=$1
shift
socat -t0 -T0.2 UNIX-LISTEN:"${vsock}_1234",fork UNIX-SENDTO:"$NOTIFY_SOCKET" &
exec {never}<> <(:) # nobody writes to it: a pause
tries=500
until [ -S "${vsock}_1234" ]; do
	[ $((tries -= 1)) -gt 0 ] || exit 1
	if read -r -t 0.01 -u "$never" nothing; then
		echo "socat-vmm.sh: the pipe spoke: $nothing" >&2
		exit 1
	fi
done
exec "$@" --vsock "cid=3,socket=$vsock"
