#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# held.sh "GUEST WORDS" [VMM OPTION...]: the shim between the tiny guest and a sink; one line of figures: how long
# notifications held the guest, how many were refused, and how often the shim had to wait for silence.
# Environment: CLOUD_HYPERVISOR, GUEST_ELF, RUN_VMM (tests/guest/run-vmm.sh), BUILD (vsock-notify, tests/notify-sink).
set -u -o pipefail

words=$1
shift
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; rm -rf "$work"' EXIT

await() {
	local tries=1000 _
	until [[ -S $1 ]]; do
		((--tries > 0)) || { echo "held.sh: waited in vain for $1" >&2; exit 1; }
		read -r -t 0.01 _ <>"$work/never"
	done
}

mkfifo "$work/never"
"$BUILD/tests/notify-sink" "$work/notify" >"$work/told" &
pids+=($!)
await "$work/notify"
"$BUILD/vsock-notify" serve --log-level=debug --notify-socket="$work/notify" "$work/vsock" 2>"$work/log" &
pids+=($!)
await "$work/vsock_1234"
"$RUN_VMM" cloud-hypervisor "$work/vsock" "$words" "$@" >"$work/guest" 2>"$work/vmm.err"
kill "${pids[1]}"
wait "${pids[1]}"
pids=("${pids[0]}")

grep -oE 'held=[0-9]+ (ok|early)' "$work/guest" | cut -d= -f2 | sort -n | awk '
	{ held[NR] = $1 }
	END { if (NR) printf "n=%d median=%d p90=%d max=%d us", NR, held[int((NR + 1) / 2)], held[int((NR * 9 + 9) / 10)], held[NR] }'
printf ' refused=%d waited=%d half-close-learned=%d\n' "$(grep -c ' refused$' "$work/guest")" \
	"$(grep -c 'shut down after silence' "$work/log")" "$(grep -c 'passes half-closes on' "$work/log")"
