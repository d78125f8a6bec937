#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Shows one notification's way as a debugger sees it: the functions, each with its folder, from the event loop's dispatch to
# sendmsg(2) to the service manager. docs/architecture.md has the output. Fails if a function or a folder is entered twice, or if
# there are more than 10. Needs gdb and a build with -g.
#	tests/bench/backtrace.sh
# BUILD names another build folder.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
patience=60
require_built vsock-notify tests/notify-sink tests/bench/client
command -v gdb >/dev/null || { echo 'backtrace.sh: gdb is missing' >&2; exit 1; }

start_sink
follow bridge 2 timeout "$patience" gdb -q -batch -nx -iex 'set debuginfod enabled off' -iex 'set auto-load off' \
	-ex 'set breakpoint pending on' -ex 'break sendmsg' -ex run -ex backtrace -ex kill --args "$shim" serve \
	--no-confine --state=no "--notify-socket=$work/notify" "$work/vsock" >"$work/frames"
await bridge 'listening at' || { cat "$work/bridge.log" >&2; exit 1; }
# Its notification fails: the debugger ends the bridge, which the guest waits for.
timeout "$patience" "$build/tests/bench/client" --message=status "$work/vsock_1234" 1 >/dev/null 2>&1
end bridge

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
	}' "$work/frames" || { cat "$work/bridge.log" >&2; exit 1; }
