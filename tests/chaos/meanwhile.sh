# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# For test-chaos.sh to source: what befalls the host or the shim while it is attacked. Each is called with
# "begin" (the good guest has begun, no attack yet), "up" (the attacks are under way) and "over".
# shellcheck disable=SC2154,SC2034 # variables are set, and used, in the files that are sourced together

meanwhile_nothing() {
	:
}

# --- the host

# The service manager reads no more: its queue takes ten datagrams, and is full.
meanwhile_full() {
	case $1 in
	begin) freeze "$host_pid" ;;
	up) kill -CONT "$host_pid" ;;
	esac
}

tell_host() {
	echo "$1" >&"$host"
}

# Its socket has no name for a while.
meanwhile_gone() {
	case $1 in
	begin) tell_host gone && wait_for test ! -e "$work/notify" ;;
	up) tell_host back && wait_for test -S "$work/notify" ;;
	esac
}

# The name is there, nobody is behind it.
meanwhile_refusing() {
	case $1 in
	begin)
		meanwhile_gone begin
		"$bin/attack" dead-socket "$work/notify" >"$work/dead-socket" || complain "no dead socket"
		;;
	up)
		rm "$work/notify"
		meanwhile_gone up
		;;
	esac
}

# What the old host has got it still prints: its answer to "count" comes after that.
retire_host() {
	local old_host=$1 old_pid=$2 old_told=$3
	echo count >&"$old_host"
	wait_for grep -qs '^# [0-9]* datagrams' "$old_told" || complain "the old host does not answer"
	exec {old_host}>&-
	forget "$old_pid"
	{
		kill -KILL "$old_pid"
		wait "$old_pid"
	} 2>/dev/null
}

# Another socket takes the name, in one step, and the old one is not asked any more.
replace_host() {
	local old=("$host" "$host_pid" "${told[-1]}")
	start_host "$work/notify.new"
	mv "$work/notify.new" "$work/notify"
	retire_host "${old[@]}"
}

# The same in two steps: the sink can go away and come back only by the name that it was started with.
replace_host_by_name() {
	local old=("$host" "$host_pid" "${told[-1]}")
	rm "$work/notify"
	start_host "$work/notify"
	retire_host "${old[@]}"
}

meanwhile_replaced() {
	local i
	case $1 in
	begin) replace_host ;;
	up)
		for i in 1 2 3; do
			replace_host
			beats 5 || complain "the good guest is not served after replacement $i"
		done
		replace_host_by_name
		;;
	esac
}

# --- the shim

meanwhile_stopped() {
	case $1 in
	begin) freeze "$shim_pid" ;;
	up) kill -CONT "$shim_pid" ;;
	esac
}

# Both, again and again.
meanwhile_stops() {
	local i pid
	[[ $1 == up ]] || return 0
	for ((i = 0; i < stops; i++)); do
		for pid in "$shim_pid" "$host_pid"; do
			freeze "$pid"
			kill -CONT "$pid"
			beats 2 || complain "the good guest is not served after stop $i"
		done
	done
}

limit() {
	prlimit --pid "$shim_pid" "--$1=$2:" || complain "prlimit failed"
}

# limit_descriptors WHEN SPARE: so many more than it needs when idle.
limit_descriptors() {
	case $1 in
	begin)
		nofile=$(awk '/^Max open files/ {print $4}' "/proc/$shim_pid/limits")
		limit nofile $((base_fds + $2))
		;;
	over) limit nofile "$nofile" ;;
	esac
}

meanwhile_nofile() {
	limit_descriptors "$1" 2
}

# Enough for those whose message waits for its end: they are not given up for others.
meanwhile_nofile_some() {
	limit_descriptors "$1" 24
}

# It gets no more memory from the kernel than it has.
meanwhile_as() {
	case $1 in
	begin) limit as $((1024 * $(awk '/^VmSize:/ {print $2}' "/proc/$shim_pid/status"))) ;;
	over) limit as unlimited ;;
	esac
}

# --- preloaded libraries (preload.h): the file is never made shorter, a process has it mapped

turn_switch() {
	printf '%s\n' "$1" 1<>"$work/switch"
}

meanwhile_malloc() {
	case $1 in
	begin) turn_switch "$every" ;;
	over) turn_switch 0 ;;
	esac
}

# The good guest has no message under way when the clock jumps: its deadline would be over. The others have.
meanwhile_clock() {
	local ahead
	[[ $1 == up ]] || return 0
	for ahead in 1 61 3661 90061 31536000; do
		freeze "$good_pid" USR1 || break
		turn_switch "$ahead"
		kill -CONT "$good_pid"
		beats 10 || complain "the good guest is not served $ahead s ahead"
	done
}
