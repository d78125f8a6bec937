#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# "make install" below one folder and then another: what is installed finds its parts there, and "make uninstall"
# leaves nothing.
#	tests/cli/test-install.sh
set -u -o pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# verdict NAME WRONG: WRONG is empty where all is right.
verdict() {
	if [[ -z $2 ]]; then
		echo "ok $1"
		((passed++))
	else
		echo "not ok $1: $2"
		((failed++))
	fi
}

make_target() {
	make -s --no-print-directory -C "$top" "$@" 2>&1
}

for prefix in one two; do
	verdict "install-$prefix" "$(make_target install "PREFIX=$work/$prefix")"
	verdict "installed-plugins-$prefix" "$(
		"$work/$prefix/bin/vsock-notify" plugins 2>&1 | grep -qF "$work/$prefix/lib/vsock-notify/notify.so" ||
			echo "not found there"
	)"
	verdict "installed-run-$prefix" "$("$work/$prefix/bin/vsock-notify" run --help 2>&1 >"$work/help")"
	verdict "uninstall-$prefix" "$(make_target uninstall "PREFIX=$work/$prefix"; find "$work/$prefix" -type f)"
done

verdict install-destdir "$(make_target install "DESTDIR=$work/root" PREFIX=/usr)"
verdict destdir-is-not-in-the-program "$(! grep -cF "$work/root" "$work/root/usr/bin/vsock-notify" >"$work/count" || echo "it is")"
verdict uninstall-destdir "$(make_target uninstall "DESTDIR=$work/root" PREFIX=/usr; find "$work/root" -type f)"
echo "$passed passed, $failed failed"
((failed == 0))
