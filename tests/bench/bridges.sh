# SPDX-License-Identifier: Apache-2.0
# The bridges that are compared: started, measured from outside, ended. Sourced by bench.sh, which sets work (a
# folder), programs (the benchmark's), build, sink (a socket) and pause (a pipe that nobody writes to).
# shellcheck shell=bash disable=SC2034,SC2154 # used and set by bench.sh

# The product without the state that it keeps of its guest: what that costs.
stateless='vsock-notify --state=no'

# Another build of the product, such as that of the commit before: $BEFORE names its folder.
before=${BEFORE:+vsock-notify before}

# passed: the backend passes half-closes on. Where it does not, the floor gives the guest no time to shut down, so
# another floor answers with a byte, as the product does: the least for who loses nothing.
use_bridges() {
	bridges=(floor 'floor, a byte' vsock-notify ${before:+"$before"} "$stateless" 'socat -t0 -T0.2' 'socat -T2')
	if [ "$1" = passed ]; then unset 'bridges[1]'; fi
	bridges=("${bridges[@]}")
}

# The bridge's VSOCK; it listens at VSOCK_1234.
vsock_of() { echo "$work/${1//[ ,]/}"; }

bridge_command() {
	local bridge=$1 half_close=$2 vsock
	vsock=$(vsock_of "$bridge")
	case $bridge in
	floor)
		command=("$programs/floor" eof "${vsock}_1234" "$sink")
		[ "$half_close" = passed ] || command[1]=first
		;;
	floor,*) command=("$programs/floor" byte "${vsock}_1234" "$sink") ;;
	"$stateless") command=("$build/vsock-notify" serve --state=no "--notify-socket=$sink" "$vsock") ;;
	"${before:-none}") command=("$BEFORE/vsock-notify" serve "--notify-socket=$sink" "$vsock") ;;
	vsock-notify) command=("$build/vsock-notify" serve "--notify-socket=$sink" "$vsock") ;;
	socat*) read -ra command <<<"$bridge UNIX-LISTEN:${vsock}_1234,fork UNIX-SENDTO:$sink" ;;
	esac
}

pause_for() {
	local nothing
	if read -r -t "$1" -u "$pause" nothing; then fail "the pipe spoke: $nothing"; fi
}

# The kernel's own list tells whether somebody listens there; a flag that only listening sockets have.
listens() { grep -q " 00010000 .* $1\$" /proc/net/unix; }

cpu_usec_so_far() {
	local nanoseconds
	read -r nanoseconds _ <"/proc/$1/schedstat"
	echo $((nanoseconds / 1000))
}

declare -A launch_pid bridge_pid cpu_at_start

# start_bridges passed|"not passed"
start_bridges() {
	local bridge vsock tries command
	use_bridges "$1"
	for bridge in "${bridges[@]}"; do
		vsock=$(vsock_of "$bridge")
		rm -f "${vsock}_1234"
		bridge_command "$bridge" "$1"
		"$programs/launch" "$vsock.report" "${command[@]}" 2>"$vsock.log" &
		launch_pid[$bridge]=$!
		tries=500
		until listens "${vsock}_1234"; do
			if [ $((tries -= 1)) -eq 0 ] || ! kill -0 "${launch_pid[$bridge]}"; then
				cat "$vsock.log" >&2
				fail "$bridge did not start"
			fi
			pause_for 0.01
		done
		read -r "bridge_pid[$bridge]" <"$vsock.report"
		cpu_at_start[$bridge]=$(cpu_usec_so_far "${bridge_pid[$bridge]}")
	done
}

# Ends all, and leaves in cpu_usec what each has used since it listened.
declare -A cpu_usec
stop_bridges() {
	local bridge vsock
	for bridge in "${bridges[@]}"; do
		vsock=$(vsock_of "$bridge")
		kill "${launch_pid[$bridge]}"
		if ! wait "${launch_pid[$bridge]}"; then
			cat "$vsock.log" >&2
			fail "$bridge failed"
		fi
		unset "launch_pid[$bridge]"
		cpu_usec[$bridge]=$(($(tail -n 1 "$vsock.report") - cpu_at_start[$bridge]))
	done
}

children_of() { cat "/proc/$1/task/$1/children"; }

# dirty_kib Private_Dirty|Pss_Dirty PID...
dirty_kib() {
	local what=$1 pid
	shift
	for pid; do cat "/proc/$pid/smaps_rollup"; done | awk -v what="$what:" '$1 == what { sum += $2 } END { print sum + 0 }'
}
