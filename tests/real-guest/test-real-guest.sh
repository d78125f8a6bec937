#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# test-real-guest.sh: a real Debian guest boots, tells its state, and powers off; what vsock-notify makes of that.
# Two lives of the guest: on an idle host, and beside two busy loops. A line a case: ok, not ok or skip. With
# CHECK_STRICT=1 a skipped case is a failed one. build/real-guest/last keeps consoles, logs and what the host was told.
# GUEST_SUITE= is its release (trixie: systemd 257; forky: 262; bookworm-backports: 254).
# VSOCK_NOTIFY= and NOTIFY_SINK= name other programs than those in BUILD= (build/).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$here/../.." && pwd)/build
suite=${GUEST_SUITE:-trixie}
image=$build/real-guest/image-$suite
last=$build/real-guest/last
# shellcheck source=/dev/null
. "$here/processes.sh"
# shellcheck source=/dev/null
. "$here/expected-life.sh"

passed=0 failed=0
ok() {
	echo "ok $1"
	passed=$((passed + 1))
}
not_ok() {
	echo "not ok $1: $2"
	failed=$((failed + 1))
}
skip() {
	echo "skip $1: $2"
	[ "${CHECK_STRICT:-0}" != 1 ] || failed=$((failed + 1))
}
# verdict NAME COMMAND...: COMMAND prints what is wrong, and nothing where all is right.
verdict() {
	local name=$1 wrong
	shift
	wrong=$("$@" 2>&1) || wrong=${wrong:-"$* failed"}
	if [ -z "$wrong" ]; then
		ok "$name"
	else
		not_ok "$name" "$(head -n 5 <<<"$wrong" | paste -sd ';')"
	fi
}
summary() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] || exit 1
	exit 0
}

running=()
trap 'end_processes "${running[@]}"' EXIT
trap 'exit 143' TERM INT

# The bound is for the day on which nobody is left to end them.
start_busy_loops() {
	local loop
	for loop in 1 2; do
		timeout 600 bash -c 'while :; do :; done' "busy-$loop" &
		running+=($!)
	done
}

# life NAME: the guest lives once; then what came of it is looked at.
life() {
	local out=$last/$1
	"$here/guest-life.sh" "$image" "$here/in-guest.sh" "$out" &
	running+=($!)
	if ! wait "$!"; then
		not_ok "real-guest-$1" "the guest could not be run, see $out"
		return
	fi
	verdict "real-guest-$1-powers-off" check_ends "$out"
	verdict "real-guest-$1-said-in-order" check_said "$out"
	verdict "real-guest-$1-host-told" check_told "$out"
	verdict "real-guest-$1-60-notifications" check_notifications "$out"
}

prepare() {
	"$here/make-image.sh" "$image" "$suite" && "$here/qemu.sh" --version && "$here/../tools/vhost-device-vsock.sh" --version
}

rm -rf "$last"
mkdir -p "$last"
if [ "$(uname -m)" != x86_64 ]; then
	skip real-guest "the guest is made for x86-64, on x86-64"
	summary
elif ! prepare >"$last/prepare.log" 2>&1; then
	tail -n 20 "$last/prepare.log" >&2
	skip real-guest "the guest could not be made, see $last/prepare.log"
	summary
fi
life idle
start_busy_loops
life busy
summary
