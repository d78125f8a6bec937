#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# socat-vmm.sh VSOCK VMM ARGS...: what launch scripts do without vsock-notify: socat beside the VMM, whose vsock socket is
# VSOCK, with the options that microvm.nix has. SOCAT_OPTIONS are others.
set -euo pipefail

vsock=$1
shift
read -ra options <<<"${SOCAT_OPTIONS:--t0 -T0.2}"
socat "${options[@]}" UNIX-LISTEN:"${vsock}_1234",fork UNIX-SENDTO:"$NOTIFY_SOCKET" &
exec {never}<> <(:) # nobody writes to it: a pause
tries=500
until [ -S "${vsock}_1234" ]; do
	[ $((tries -= 1)) -gt 0 ] || exit 1
	if read -r -t 0.01 -u "$never" nothing; then
		echo "socat-vmm.sh: the pipe spoke: $nothing" >&2
		exit 1
	fi
done
exec "$@"
