#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# bench.sh: compares this product with the least that any bridge can do and with socat, side by side; README.md says how.
# A benchmark: it prints targets beside the figures and does not fail on them. Environment:
#   BUILD               where the programs are (build)
#   BEFORE              where another build of the product is, which is measured beside this one (none)
#   N, N_SLOW           notifications of each kind to a bridge, and to one that takes seconds for each (2000, 5)
#   CLOUD_HYPERVISOR, CLOUD_HYPERVISOR52, CLOUD_HYPERVISOR53, FIRECRACKER
#                       VMMs to boot the tiny guest on, each a list of paths separated by spaces (none)
#   CC                  named in the head, for the record (cc)
# shellcheck disable=SC1091,SC2034,SC2154 # variables that the sourced files set and use
set -euo pipefail

fail() { echo "bench.sh: $*" >&2; exit 1; }

here=$(cd "$(dirname "$0")" && pwd)
build=${BUILD:-$here/../../build}
programs=$build/tests/bench
n=${N:-2000}
n_slow=${N_SLOW:-5}
rounds=40
guest_rounds=10
# On a tmpfs where there is one, as /run is: the state file is replaced in it.
work=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
sink=$work/notify
records=$work/records
: >"$records"
mkfifo "$work/pause"
exec {pause}<>"$work/pause"
. "$here/bridges.sh"
. "$here/guests.sh"

sink_pid=
finish() {
	local pid
	for pid in "${launch_pid[@]}" $sink_pid; do
		if kill -0 "$pid" 2>/dev/null; then kill "$pid"; fi
	done
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

start_sink() {
	"$build/tests/notify-sink" "$sink" >/dev/null &
	sink_pid=$!
	until [ -S "$sink" ]; do
		kill -0 "$sink_pid" || fail 'the sink did not start'
		pause_for 0.01
	done
}

# How many a bridge gets: socat takes its time-out for each, except where -t0 sees the half-close.
count_for() {
	case "$1 $2" in
	'socat -T2 '* | 'socat -t0 -T0.2 not passed') echo "$n_slow" ;;
	*) echo "$n" ;;
	esac
}

# play HALF_CLOSE MESSAGE [OPTION]...: one client plays all bridges
play() {
	local half_close=$1 message=$2 bridge arguments=()
	shift 2
	for bridge in "${bridges[@]}"; do
		arguments+=("$(vsock_of "$bridge")_1234" "$(count_for "$bridge" "$half_close")")
	done
	[ "$half_close" = passed ] || set -- --no-half-close "$@"
	if ! "$programs/client" --message="$message" "$@" "${arguments[@]}" >"$work/samples"; then
		cat "$work"/*.log >&2
		fail 'a notification failed'
	fi
}

measure_held_and_cpu() {
	local half_close=$1 message=$2 index bridge group
	group="half-close $half_close, $message"
	start_bridges "$half_close"
	play "$half_close" "$message" --rounds="$rounds"
	stop_bridges
	for index in "${!bridges[@]}"; do
		bridge=${bridges[index]}
		awk -v index_="$index" -v head="held	$group	$bridge" -v OFS='\t' \
			'$1 == index_ && $2 != "warm" { print head, $2 }' "$work/samples" >>"$records"
		printf 'cpu\t%s\t%s\t%d\t%d\n' "$group" "$bridge" "${cpu_usec[$bridge]}" \
			"$(grep -c "^$index " "$work/samples")" >>"$records"
	done
}

# The two alone, with messages that are each a change which somebody may wait for, others, and such at the pace of a guest on a
# real VMM: the file is written in between.
measure_state() {
	local index message options=()
	for message in field unit status 'field, 1 ms apart'; do
		start_bridges passed
		bridges=(vsock-notify "$stateless")
		[ "$message" = "${message%,*}" ] || options=(--pause=1000)
		n=$((n * 5)) play passed "${message%,*}" --rounds=$((rounds * 5)) "${options[@]}"
		use_bridges passed
		stop_bridges
		for index in 0 1; do
			awk -v index_="$index" -v message="$message" -v OFS='\t' \
				'$1 == index_ && $2 != "warm" { print "state", message, index_, $2 }' "$work/samples" >>"$records"
		done
	done
}

# Idle, then with open connections; what parent and children share until one writes to it is counted once.
measure_memory() {
	local bridge pid children open=10 held idle ready hold_in
	start_bridges passed
	n=200 n_slow=2 play passed unit
	n=200 n_slow=2 play passed status
	pause_for 1
	for bridge in "${bridges[@]}"; do
		pid=${bridge_pid[$bridge]}
		read -ra children <<<"$(children_of "$pid")"
		idle="$(dirty_kib Private_Dirty "$pid" "${children[@]}")	$((1 + ${#children[@]}))"
		coproc HOLD { "$programs/hold" "$(vsock_of "$bridge")_1234" "$open"; }
		read -r ready <&"${HOLD[0]}"
		[ "$ready" = connected ] || fail "cannot hold connections to $bridge"
		pause_for 0.1
		read -ra children <<<"$(children_of "$pid")"
		held="$(dirty_kib Pss_Dirty "$pid" "${children[@]}")	$((1 + ${#children[@]}))"
		hold_in=${HOLD[1]}
		exec {hold_in}>&-
		wait "$HOLD_PID"
		printf 'memory\t-\t%s\t%s\t%s\n' "$bridge" "$idle" "$held" >>"$records"
	done
	stop_bridges
}

# The launch wrapper beside a direct exec; the program that is started says when it came to be.
measure_start() {
	local other=()
	[ -z "$before" ] || other=(and "$before run" "$BEFORE/vsock-notify" run --vmm=other --vsock="$work/before-vsock" --log-level=error --
		"$programs/start" --mark)
	"$programs/start" "${N_START:-200}" 'direct exec' "$programs/start" --mark and \
		'vsock-notify run' "$build/vsock-notify" run --vmm=other --vsock="$work/start-vsock" --log-level=error -- \
		"$programs/start" --mark "${other[@]}" >"$work/start"
}

# table KIND FACTOR HEAD...: the records of that kind
table() {
	local kind=$1 factor=$2
	shift 2
	{
		(IFS=$'\t' && echo "$*")
		awk -v kind="$kind" -v factor="$factor" -f "$here/stats.awk" "$work/sorted"
	} | awk -f "$here/align.awk"
}

print_machine() {
	echo "$(nproc) cores, $(awk -F ': *' '/^model name/ { print $2; exit }' /proc/cpuinfo), Linux $(uname -r)"
	echo "$("$build/vsock-notify" --version), $(socat -V | awk '/^socat version/ { print $1, $3 }'), $("${CC:-cc}" --version | head -n 1)"
}

print_tables() {
	# situations and bridges stay in the order that they were measured in
	awk -F '\t' -v OFS='\t' '
		!(($1, $2) in seen) { seen[$1, $2] = ++groups }
		!(($1, $2, $3) in seen) { seen[$1, $2, $3] = ++bridges }
		{ print seen[$1, $2], seen[$1, $2, $3], $0 }' "$records" |
		sort -t $'\t' -k1,1n -k2,2n -k6,6n | cut -f 3- >"$work/sorted"
	echo
	echo 'Held: microseconds that one notification held the guest (a client of the unix socket in the VMM'\''s place)'
	echo
	table held 1.25 situation bridge n median p99 'x floor' 'median to reach' reached
	echo
	echo 'CPU: microseconds, user and system, that one notification cost the bridge and its children'
	echo
	table cpu 1.5 situation bridge n CPU 'x floor' 'to reach' reached
	echo
	echo 'Memory: KiB of dirty memory of the bridge and its children, idle (private) and with 10 open connections (shared out)'
	echo
	table memory 0 bridge KiB processes 'KiB, 10 open' 'processes, 10 open' 'to reach' reached
	echo
	echo 'State: what it costs that the state of the guest is kept, beside --state=no in the same rounds'
	echo
	awk -v stateless="$stateless" -f "$here/state.awk" "$work/sorted" | awk -f "$here/align.awk"
	echo
	echo 'Start: microseconds from the exec of the launch wrapper to that of the VMM, and the wrapper'\''s private dirty KiB then'
	echo
	awk -F '\t' -v OFS='\t' 'BEGIN { print "start", "n", "median", "p99", "KiB", "median to reach", "reached" }
		NR == 1 { limit = $3 + 3000; print $1, $2, $3, $4, "", "", "" }
		NR > 1 { print $0, "<= " limit, $3 <= limit ? "yes" : "no" }' "$work/start" | awk -f "$here/align.awk"
	if grep -q '^guest' "$records"; then
		echo
		echo 'Guests: microseconds that one notification held the tiny guest on a real VMM, and how many ended early'
		echo
		table guest 1.25 situation bridge n median p99 'x floor' early 'median to reach' reached
	fi
}

print_machine
# Pages of a file that has just been built are dirty until they are written, and would count as the process's.
sync "$build/vsock-notify" "$build/vsock-notify-run" "$build"/plugins/*.so "$programs"/*
start_sink
for half_close in passed 'not passed'; do
	for message in unit status; do measure_held_and_cpu "$half_close" "$message"; done
done
measure_state
measure_memory
measure_start
read -ra vmms <<<"${CLOUD_HYPERVISOR53:-} ${CLOUD_HYPERVISOR52:-} ${CLOUD_HYPERVISOR:-} ${FIRECRACKER:-}"
measure_guests "${vmms[@]}"
print_tables
