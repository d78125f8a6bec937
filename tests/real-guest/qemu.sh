#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# qemu.sh ARGS...: becomes qemu-system-x86_64. Under the emulation of versions before 10 a Linux 6.12 guest crashes now
# and then, so where the machine's is older (or missing) Debian 13's is unpacked under build/debian and used.
set -euo pipefail

tools=$(cd "$(dirname "$0")/../tools" && pwd)
root=$(cd "$tools/../.." && pwd)
tree=$root/build/debian/trixie/qemu-system-x86
machines=${QEMU:-qemu-system-x86_64}

major_version() {
	"$1" --version 2>/dev/null | sed -n 's/^QEMU emulator version \([0-9]*\).*/\1/p'
}

version=$(command -v "$machines" >/dev/null && major_version "$machines" || echo 0)
[ "${version:-0}" -lt 10 ] || exec "$machines" "$@"

"$tools/debian-unpack.sh" trixie "$tree" qemu-system-x86
# Started through the tree's loader it cannot find its own parts by its own path.
QEMU_MODULE_DIR=$(echo "$tree"/usr/lib/*/qemu) exec "$tools/unpacked.sh" "$tree" qemu-system-x86_64 \
	-L "$tree/usr/share/qemu" -L "$tree/usr/share/seabios" "$@"
