#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sends notifications from a stand-in for each kind of VMM through vsock-notify into a stand-in for
# the host's service manager, also while that is busy, gone or restarting. None may be lost, doubled
# or out of order, and no program of the guest may be answered too early. If the VMM loses a message
# and leaves a connection without a byte, vsock-notify sees that.
#	tests/backend/test-stand-in.sh [NAME-PATTERN]
# BUILD names another build folder, COUNT another number of notifications for each mode.
set -u -o pipefail

here=$(cd "$(dirname "$0")" && pwd)
build=${BUILD:-$here/../../build}
count=${COUNT:-10000}
pattern=${1:-*}
passed=0
failed=0
sink_pid=
product_pid=
guest_pid=
product_options=()
losses=
visible=

work=$(mktemp -d)
cleanup() {
	local pid
	for pid in $guest_pid $product_pid $sink_pid; do
		kill "$pid" 2>/dev/null
	done
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' HUP INT PIPE TERM

# Both ends are held open, so that no reader and no writer sees the other go.
mkfifo "$work/control" "$work/never" "$work/guest.pipe"
exec {control}<>"$work/control" {never}<>"$work/never"

# How long an outage is is the scenario itself. Nothing else waits for time to pass.
outage_lasts() {
	local _
	read -r -t "$1" -u "$never" _ || return 0
}

tell_sink() {
	printf '%s\n' "$1" >&"$control"
}

start_sink() {
	"$build/tests/notify-sink" --control "$work/notify" \
		<"$work/control" >"$work/sink.out" 2>"$work/sink.err" &
	sink_pid=$!
	until [[ -S $work/notify ]]; do
		kill -0 "$sink_pid" 2>/dev/null || return 1
		outage_lasts 0.01
	done
}

start_product() {
	timeout -k 20 120 "$build/vsock-notify" serve "${product_options[@]}" --notify-socket="$work/notify" \
		"$work/vsock" 2>"$work/product.err" &
	product_pid=$!
}

# What happens to the host's manager when $1 notifications have been sent.
calm() {
	:
}

full() {
	(($1 % 400 == 200)) || return
	tell_sink pause
	outage_lasts 0.7
	tell_sink resume
}

gone() {
	(($1 == 400)) || return
	tell_sink gone
	outage_lasts 2
	tell_sink back
}

restarting() {
	(($1 % 200 == 0)) || return
	tell_sink gone
	outage_lasts 0.05
	tell_sink back
}

# Runs the guest. Meanwhile $1, one of the functions above, decides what happens to the host's manager.
run_guest() {
	local fare=$1 line
	shift
	timeout -k 2 60 "$build/tests/stand-in" --wait=10 --progress=100 "$@" "$work/vsock" \
		>"$work/guest.pipe" 2>"$work/guest.err" &
	guest_pid=$!
	while IFS= read -r line; do
		printf '%s\n' "$line" >>"$work/guest.out"
		if [[ $line == progress\ * ]]; then
			"$fare" "${line#progress }"
		fi
	done <"$work/guest.pipe"
	wait "$guest_pid"
	guest_status=$?
	guest_pid=
}

# The product first, because it still sends what it has; then the sink, which prints it.
stop_all() {
	kill "$product_pid" 2>/dev/null
	wait "$product_pid"
	product_status=$?
	product_pid=
	kill "$sink_pid" 2>/dev/null
	wait "$sink_pid"
	sink_status=$?
	sink_pid=
}

# The value of field $2 in the summary line of kind $1.
figure() {
	sed -n "s/^$1 .*\\b$2=\\([0-9]*\\).*/\\1/p" "$work/guest.out"
}

summary() {
	local early sent
	early=$(figure pid1 early)
	sent=$(figure pid1 sent)
	printf '%s pid1_early=%s/%s (%s%%) pid1_held_median_usec=%s program_early=%s/%s' \
		"$verdict" "$early" "$sent" "$((sent ? 100 * early / sent : 0))" \
		"$(figure pid1 held_median_usec)" "$(figure programs early)" \
		"$(figure programs sent)"
}

# What went wrong, or nothing.
complaint() {
	((sink_status == 0)) || echo "notify-sink ended with $sink_status"
	((product_status == 0)) || echo "vsock-notify ended with $product_status"
	((guest_status == 0)) || echo "stand-in ended with $guest_status"
	((verify_status == 0)) || echo "$verdict"
	[[ -z $losses ]] || complain_of_losses
}

# The losses of PID 1's and of programs' messages, and those that vsock-notify saw.
complain_of_losses() {
	local lost seen
	lost="$(figure pid1 lost)+$(figure programs lost)"
	seen=$(grep -c ': 0 bytes, empty, ' "$work/product.err")
	[[ $lost == "$losses" ]] || echo "the VMM lost $lost, not $losses"
	((seen == visible)) || echo "vsock-notify saw $seen losses, not $visible"
}

report() {
	local name=$1 why
	why=$(complaint | paste -sd, | sed 's/,/, /g')
	if [[ -z $why ]]; then
		passed=$((passed + 1))
		echo "ok $name $(summary)"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $name: $why; $(summary)"
	tail -n 5 "$work"/{guest,verify,product,sink}.err | sed 's/^/# /'
}

# scenario NAME FARE STAND-IN-OPTION...
scenario() {
	local name=$1 fare=$2
	shift 2
	# shellcheck disable=SC2053 # a pattern is wanted
	[[ $name == $pattern ]] || return
	rm -f "$work/notify" "$work"/*.out "$work"/*.err
	: >"$work/guest.out"
	if ! start_sink; then
		failed=$((failed + 1))
		echo "not ok $name: notify-sink did not start: $(cat "$work/sink.err")"
		return
	fi
	start_product
	run_guest "$fare" "$@"
	stop_all
	verdict=$(awk -f "$here/verify.awk" "$work/guest.out" "$work/sink.out" 2>"$work/verify.err")
	verify_status=$?
	report "$name"
}

# losing NAME LOSSES STAND-IN-OPTION...: LOSSES is how many messages the VMM loses, PID 1's+programs'.
losing() {
	losses=$2
	visible=$((losses))
	[[ " $* " != *' --unseen '* ]] || visible=0
	product_options=(--log-level=debug)
	scenario "$1" calm "${@:3}"
	losses=
	product_options=()
}

for program in vsock-notify tests/notify-sink tests/stand-in; do
	if [[ ! -x $build/$program ]]; then
		echo "not ok setup: $build/$program is not there; build it first"
		exit 1
	fi
done

many=(--pid1=8 --programs=32 --count="$count" --program-count=$((count * 3 / 10)))
some=(--pid1=4 --programs=16 --count=1500 --program-count=500)
odd=(--pid1=2 --programs=8 --count=300 --program-count=160 --cut --barrier
	--bad=empty:5 --bad=reset:5 --bad=hang:5 --bad=oversize:5 --bad=nul:5 --bad=trickle:5)

for mode in ch52 ch53 vdv; do
	scenario "$mode" calm --mode="$mode" "${many[@]}"
done
for mode in ch52 ch53; do
	for fare in full gone restarting; do
		scenario "$mode-host-$fare" "$fare" --mode="$mode" "${some[@]}"
	done
	scenario "$mode-among-bad" calm --mode="$mode" "${odd[@]}"
	scenario "$mode-full-close" calm --mode="$mode" --full-close "${some[@]}"
done
# Each program sends 25 messages. Every second one meets the RST of the one before it: 12 of 25.
programs=(--pid1=0 --programs=4 --count=100)
losing ch52-rst 0+48 --mode=ch52 --rst "${programs[@]}"
losing ch53-rst 0+48 --mode=ch53 --rst "${programs[@]}"
# PID 1's connections are ended with a byte, so that the guest ends them first.
losing ch52-rst-pid1 0+0 --mode=ch52 --rst --pid1=4 --count=160
losing ch53-rst-pid1 0+0 --mode=ch53 --rst --pid1=4 --count=160
losing vdv-rst 0+0 --mode=vdv --rst "${programs[@]}"
losing ch53-lose 2+2 --mode=ch53 --lose=7 --pid1=2 --programs=2 --count=80
losing ch53-lose-unseen 2+0 --mode=ch53 --lose=7 --unseen --pid1=2 --count=80
losing ch52-lose-ready 2+0 --mode=ch52 --lose=ready --pid1=2 --count=200
echo "$passed passed, $failed failed"
((failed == 0))
