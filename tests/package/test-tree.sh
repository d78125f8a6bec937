#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The source tree is for reading: all that is built, installed and run as a test goes to BUILD, DESTDIR or a temporary folder. A
# copy of the tree that cannot be written to is built from, as a build daemon does it: by a user who owns nothing.
#	tests/package/test-tree.sh
# .ci/run looks at the real tree after every target.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

source=$work/source
user=()
if [[ $(id -u) == 0 ]]; then
	user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi

copy_tree() {
	mkdir "$source"
	(
		cd "$top" || exit
		if [[ -e .git ]]; then
			git ls-files -z | while IFS= read -r -d '' file; do
				[[ ! -e $file ]] || printf '%s\0' "$file"
			done
		else
			find . -path ./build -prune -o ! -type d -print0
		fi | tar --create --null --files-from=- | tar --extract --directory="$source"
	)
	chmod -R a+rX,a-w "$source"
}

# state: of all that is in the tree, and of the tree itself.
state() {
	find "$source" -printf '%P %y %m %s %T@ %C@\n' | LC_ALL=C sort
}

# make_there NAME TARGET...: it succeeds, with the PATH of a user who has no folders of his own. Unoptimized: it is about files.
make_there() {
	local name=$1
	shift
	"${user[@]}" env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u DESTDIR PATH=/usr/local/bin:/usr/bin:/bin HOME=/nonexistent TMPDIR="$work/tmp" \
		make -s --no-print-directory -j "$(nproc)" -C "$source" BUILD="$work/elsewhere" CFLAGS=-O0 FORTIFY= "$@" \
		>"$work/$name.log" 2>&1 || echo "make $* failed: $(tail -n 5 "$work/$name.log")"
}

chmod 755 "$work"
mkdir "$work/elsewhere" "$work/tmp" "$work/root"
[[ ${#user[@]} == 0 ]] || chown 65534:65534 "$work/elsewhere" "$work/tmp" "$work/root"
copy_tree
state >"$work/before"

# The copy is read-only indeed.
verdict tree-is-read-only "$(! "${user[@]}" touch "$source/new" 2>"$work/touch.err" || echo "it can be written to")"
verdict tree-builds "$(make_there build all installed test-programs)"
verdict tree-unit-tests "$(make_there units check-units)"
verdict tree-installs "$(
	make_there install install "DESTDIR=$work/root" PREFIX=/usr
	[[ -x $work/root/usr/bin/vsock-notify ]] || echo "there is no program"
	make_there uninstall uninstall "DESTDIR=$work/root" PREFIX=/usr
	find "$work/root" -mindepth 1
)"
verdict tree-is-cleaned "$(
	make_there help help
	make_there clean clean
	find "$work/elsewhere" -type f -size +0
)"
verdict tree-is-as-it-was "$(state | diff "$work/before" -)"
verdict tree-temporary-files "$(find "$work/tmp" -mindepth 1)"
# a folder that cannot be written to cannot be removed by its owner either
chmod -R u+w "$source"
summary
