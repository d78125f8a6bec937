#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# vhost-device-vsock.sh ARGS...: becomes vhost-device-vsock: the machine's, or, as few releases have it, Debian 14's
# unpacked under build/debian.
set -euo pipefail

tools=$(cd "$(dirname "$0")/../tools" && pwd)
tree=$(cd "$tools/../.." && pwd)/build/debian/forky/vhost-device-vsock

if command -v vhost-device-vsock >/dev/null; then
	exec vhost-device-vsock "$@"
fi
"$tools/debian-unpack.sh" forky "$tree" vhost-device-vsock
exec "$tools/unpacked.sh" "$tree" vhost-device-vsock "$@"
