#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# unpacked.sh DIR PROGRAM ARGS...: becomes PROGRAM of a tree that debian-unpack.sh made, with the tree's own dynamic
# loader and libraries, so that a program of another Debian release runs here.
set -euo pipefail

[ $# -ge 2 ] || { echo "usage: unpacked.sh DIR PROGRAM ARGS..." >&2; exit 2; }
dir=$1 program=$2
shift 2

fail() { echo "unpacked.sh: $*" >&2; exit 127; }

first_file() {
	local path
	for path; do
		[ ! -f "$path" ] || { echo "$path"; return; }
	done
}

loader=$(first_file "$dir"/usr/lib64/ld-linux*.so.* "$dir"/usr/lib/ld-linux*.so.*)
[ -n "$loader" ] || fail "no dynamic loader in $dir"
path=$(first_file "$dir"/usr/{bin,sbin,libexec}/"$program" "$dir/usr/lib/$program")
[ -n "$path" ] || fail "no $program in $dir"

# Some libraries keep parts of their own in a folder that they name by an absolute path, which is not the tree's.
libraries=$(find "$dir"/usr/lib/*-linux-* -maxdepth 2 -name 'lib*.so*' -printf '%h\n' | sort -u | paste -sd:)
exec "$loader" --library-path "$libraries" "$path" "$@"
