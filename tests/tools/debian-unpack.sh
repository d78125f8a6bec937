#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# debian-unpack.sh SUITE DIR PACKAGE...: unpacks packages of any Debian release, with all that they depend on (libc and
# its loader too), under DIR; unpacked.sh runs their programs. Nothing is installed or configured, no root is needed,
# and the machine's package sources and dpkg state stay as they are. A second call for the same packages does nothing.
set -euo pipefail

[ $# -ge 3 ] || { echo "usage: debian-unpack.sh SUITE DIR PACKAGE..." >&2; exit 2; }
suite=$1 dir=${2%/}
shift 2
tools=$(cd "$(dirname "$0")" && pwd)
wanted="$suite $*"

mkdir -p "$(dirname "$dir")"
exec 8>"$dir.lock"
flock 8
[ ! -f "$dir/.unpacked" ] || [ "$(cat "$dir/.unpacked")" != "$wanted" ] || exit 0

answer=$("$tools/debian-source.sh" "$suite")
export APT_CONFIG=${answer%%$'\n'*}
debs=$dir.debs log=$dir.log

# To apt nothing is installed, so it downloads the whole closure, whatever this machine has.
rm -rf "$debs" "$dir.tmp"
mkdir -p "$debs/partial" "$dir.tmp"
echo "debian-unpack.sh: getting $* of Debian $suite" >&2
if ! apt-get -q -y --download-only -o Dir::Cache::archives="$(realpath "$debs")/" install "$@" >"$log" 2>&1; then
	cat "$log" >&2
	exit 1
fi

# Some packages still ship /lib and /bin, others /usr/lib and /usr/bin: one tree, as on an installed system.
for name in bin sbin lib lib64; do
	mkdir -p "$dir.tmp/usr/$name"
	ln -s "usr/$name" "$dir.tmp/$name"
done
for deb in "$debs"/*.deb; do
	dpkg-deb --fsys-tarfile "$deb" | tar -C "$dir.tmp" --keep-directory-symlink --no-same-owner -xf -
done

echo "$wanted" >"$dir.tmp/.unpacked"
rm -rf "$dir" "$debs"
mv "$dir.tmp" "$dir"
