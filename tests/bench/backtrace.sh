#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Shows one notification's way as a debugger sees it: the functions, each with its folder, from the event loop's dispatch to
# sendmsg(2) to the service manager. docs/architecture.md has the output. Fails if a function or a folder is entered twice, or if
# there are more than 10. Needs gdb and a build with -g.
#	tests/bench/backtrace.sh
# BUILD names another build folder.
set -eu -o pipefail

fail() { echo "backtrace.sh: $*" >&2; exit 1; }

top=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-$top/build}
command -v gdb >/dev/null || fail 'gdb is missing'
work=$(mktemp -d)
pids=()
finish() {
	local pid
	for pid in "${pids[@]}"; do
		if kill -0 "$pid" 2>/dev/null; then kill "$pid"; fi
	done
	rm -rf "$work"
}
trap finish EXIT

wait_for() {
	local tries=200
	until [ -S "$1" ]; do
		((tries -= 1)) || fail "$1 does not come"
		sleep 0.1
	done
}

"$build/tests/notify-sink" "$work/notify" >/dev/null &
pids+=($!)
wait_for "$work/notify"
timeout 60 gdb -q -batch -nx -iex 'set debuginfod enabled off' -iex 'set auto-load off' \
	-ex 'set breakpoint pending on' -ex 'break sendmsg' -ex run -ex backtrace -ex kill --args "$build/vsock-notify" serve \
	--no-confine --state=no --log-level=error "--notify-socket=$work/notify" "$work/vsock" >"$work/frames" 2>"$work/errors" &
pids+=($!)
gdb=$!
wait_for "$work/vsock_1234"
# It fails when the debugger ends the bridge, which is all that is wanted of it.
timeout 60 "$build/tests/bench/client" --message=status "$work/vsock_1234" 1 >/dev/null 2>&1 || true
wait "$gdb" || true

# "#3  0x... in ended (connection=...) at vsock-notify/guest/connection.c:123"; wide frames go on in the next line.
awk '
	/^#/ { frame[++n] = $0; next }
	n { frame[n] = frame[n] " " $0 }
	END {
		for (i = 1; i <= n; i++) {
			text = frame[i]
			sub(/^#[0-9]+ +(0x[0-9a-f]+ in )?/, "", text)
			name = text
			sub(/ .*/, "", name)
			folder = "libc"
			if (match(text, /vsock-notify\/[a-z\/]+\/[a-z0-9_]+\.c/)) {
				folder = substr(text, RSTART + 13, RLENGTH - 13)
				sub(/\/[^\/]*$/, "", folder)
			}
			names[i] = name
			folders[i] = folder
			if (name ~ /^dispatch/) { last = i; break }
		}
		if (!last) { print "no frame of the loop"; exit 1 }
		for (i = last; i >= 1; i--) {
			printf "%-24s %s\n", names[i], folders[i]
			if (names[i] in seen) { print names[i] " is entered twice"; wrong = 1 }
			seen[names[i]]
			if (folders[i] != folder_now && folders[i] in entered) { print folders[i] " is entered twice"; wrong = 1 }
			folder_now = folders[i]
			entered[folder_now]
		}
		if (last > 10) { print last " frames"; wrong = 1 }
		exit wrong
	}' "$work/frames" || { cat "$work/errors" >&2; exit 1; }
