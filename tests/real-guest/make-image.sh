#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make-image.sh OUT SUITE: makes OUT/vmlinuz and OUT/guest.cpio, a Debian guest that lives in its initramfs. SUITE is trixie
# (systemd 257), forky (262) or bookworm-backports (254).
# Made once: again only where they are missing, or the suite or the scripts that make them have changed.
set -euo pipefail

[ $# -eq 2 ] || { echo "usage: make-image.sh OUT SUITE" >&2; exit 2; }
out=$(realpath -m "$1") suite=$2
cd "$(dirname "$0")"
version="$suite $(cat make-image.sh customize-image.sh | sha256sum)"

mkdir -p "$(dirname "$out")"
exec 9>"$out.lock"
flock 9
[ ! -f "$out/.version" ] || [ "$(cat "$out/.version")" != "$version" ] || exit 0

../tools/need.sh "the real guest" mmdebstrap:"makes a Debian system" cpio:"packs it" kmod:"its module index" \
	debian-archive-keyring:"checks signatures"
answer=$(../tools/debian-source.sh "$suite")
rm -rf "$out" "$out.tmp"
mkdir "$out.tmp"
echo "make-image.sh: making a Debian $suite guest" >&2
# INITRD=No: the kernel package shall not spend half a minute on an initramfs that nobody boots.
if ! INITRD=No mmdebstrap --variant=minbase --format=null \
	--include=systemd,systemd-sysv,udev,kmod,linux-image-cloud-amd64 \
	--aptopt='Acquire::Check-Valid-Until "false"' --aptopt="APT::Default-Release \"$suite\"" \
	--customize-hook="./customize-image.sh \"\$1\"" \
	--customize-hook="download /vmlinuz $out.tmp/vmlinuz" \
	--customize-hook="download /guest.cpio $out.tmp/guest.cpio" \
	"${suite%-backports}" - "${answer#*$'\n'}" >"$out.log" 2>&1; then
	tail -n 40 "$out.log" >&2
	exit 1
fi
echo "$version" >"$out.tmp/.version"
mv "$out.tmp" "$out"
