#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# guest-life.sh IMAGE SCRIPT OUT: one life of the real guest, from boot to power off, with vsock-notify between it and a
# stand-in for the host's service manager. Leaves in OUT: told (what the host was told, a datagram a line), shim.log,
# shim.status (how vsock-notify ended), boot.status (how the guest did), report (what SCRIPT printed) and console.
# A crash of the guest's kernel is the emulation's fault: said, and tried again, 3 times at most. Nothing else is.
set -euo pipefail

[ $# -eq 3 ] || { echo "usage: guest-life.sh IMAGE SCRIPT OUT" >&2; exit 2; }
image=$1 script=$2 out=$3
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=/dev/null
. "$here/processes.sh"
build=${BUILD:-$root/build}
shim=${VSOCK_NOTIFY:-$build/vsock-notify} sink=${NOTIFY_SINK:-$build/tests/notify-sink}

sockets=$(mktemp -d) # a unix socket's path has 107 bytes at most, OUT may be longer
running=()
trap 'end_processes "${running[@]}"; rm -rf "$sockets"' EXIT
trap 'exit 143' TERM INT

# start PROGRAM ARGS...: in the background; its process id is in $started.
start() {
	"$@" &
	started=$!
	running+=("$started")
}

# finish PID NAME: waits for its end and writes down how it was.
finish() {
	local status=0
	wait "$1" || status=$?
	echo "$status" >"$out/$2.status"
}

live() {
	local sink_pid shim_pid
	rm -rf "$out" "${sockets:?}"/*
	mkdir -p "$out"
	start "$sink" "$sockets/host" >"$out/told" 2>"$out/sink.log"
	sink_pid=$started
	wait_for 10 test -S "$sockets/host" || { cat "$out/sink.log" >&2; return 1; }
	start "$shim" serve --log-level=debug --notify-socket="$sockets/host" "$sockets/vsock" >"$out/shim.log" 2>&1
	shim_pid=$started
	wait_for 10 test -S "$sockets/vsock_1234" || { cat "$out/shim.log" >&2; return 1; }
	start "$here/boot.sh" "$image" "$sockets/vsock" "$script" "$out"
	finish "$started" boot
	kill "$shim_pid"
	finish "$shim_pid" shim
	kill "$sink_pid"
	finish "$sink_pid" sink
	running=()
}

crash() {
	grep -m 1 -saoE '(Kernel panic|Oops:|BUG:|general protection fault|double fault).*' "$out/console"
}

for try in 1 2 3 4; do
	live
	crashed=$(crash) || exit 0
	echo "guest-life.sh: the guest's kernel crashed (try $try): $crashed" >&2
	rm -rf "$out.crash$try"
	cp -r "$out" "$out.crash$try"
done
exit 1
