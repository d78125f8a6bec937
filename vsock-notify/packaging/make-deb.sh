#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# make-deb.sh OUT: builds the Debian packages, source and binary, in the folder OUT, which it makes anew.
# dpkg-buildpackage wants debian/ at the top of a tree that it may change: that tree is OUT/vsock-notify-VERSION, a copy of
# the files that git knows, as they are now, or, where there is no git, of all but build folders.
# DEB_BUILD_OPTIONS (nocheck ...) and DEB_BUILD_PROFILES are dpkg-buildpackage's; nothing else of the environment gets in.
set -euo pipefail

out=$(realpath -m "${1:?usage: make-deb.sh OUT}")
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^#define VSOCK_NOTIFY_VERSION "\(.*\)"$/\1/p' vsock-notify/base/version.h)
tree=$out/vsock-notify-$version

files() {
	if [[ -e .git ]]; then
		git ls-files -z
	else
		find . -path ./build -prune -o -path "./$(realpath -ms --relative-to=. "$out")" -prune -o ! -type d -print0
	fi
}

# A file that was removed and not yet committed is not there to be copied.
existing() {
	local file
	while IFS= read -r -d '' file; do
		[[ ! -e $file && ! -L $file ]] || printf '%s\0' "$file"
	done
}

rm -rf "$out"
mkdir -p "$tree"
files | existing | tar --create --null --files-from=- --owner=0 --group=0 | tar --extract --directory="$tree"
chmod -R u=rwX,go=rX "$tree" # whatever the umask was
mv "$tree/vsock-notify/debian" "$tree/debian"

log=$out/build.log
if ! (cd "$tree" && exec env -i PATH="$PATH" HOME="${HOME:-/}" LC_ALL=C.UTF-8 ${TMPDIR:+TMPDIR="$TMPDIR"} \
	DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS:-}" DEB_BUILD_PROFILES="${DEB_BUILD_PROFILES:-}" \
	dpkg-buildpackage --no-sign --build=full) >"$log" 2>&1 </dev/null; then
	tail -n 30 "$log" >&2
	echo "make-deb.sh: dpkg-buildpackage failed; all that it said is in $log" >&2
	exit 1
fi
ls "$out"/*.deb "$out"/*.dsc "$out"/*.changes
