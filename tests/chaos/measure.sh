# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# For test-chaos.sh to source: the shim that is attacked, and one scenario against it: the good guest goes
# first, then come the attacks, then the good guest goes on for a while, alone with what holds on; then
# everything has to be as before. What is waited for is a condition, always.
# shellcheck disable=SC2154,SC2034 # variables are set, and used, in the files that are sourced together

# A process more than this dirties is too large for one that every VM has.
peak_limit_kib=1024
# No message may be held longer at p99, while the attack runs.
p99_limit_usec=50000

compile() {
	"$cc" -std=c17 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror "${cflags[@]}" -o "$bin/$1" "${@:2}"
}

build_chaos() {
	local here=$top/tests/chaos library
	bin=$work/bin
	mkdir "$bin"
	compile attack "$here"/attack*.c && compile good "$here/good.c" && compile watch "$here/watch.c" || return
	for library in preload-malloc preload-clock failing; do
		compile "$library.so" -shared -fPIC -fvisibility=hidden -I "$top/vsock-notify/include" \
			"$here/$library.c" || return
	done
	mkfifo "$work/never" "$work/beat"
	exec {never}<>"$work/never" {beat}<>"$work/beat"
}

# moment SECONDS: nothing ever comes from there.
moment() {
	read -r -t "$1" -u "$never"
}

# wait_for COMMAND...: until it succeeds; fails when patience has run out.
wait_for() {
	local limit=$((SECONDS + patience))
	until "$@"; do
		((SECONDS <= limit)) || return 1
		moment 0.01
	done
	return 0
}

# beats N: the good guest has been served so many times more.
beats() {
	while read -r -t 0 -u "$beat"; do
		read -r -N 1 -u "$beat"
	done
	read -r -t "$patience" -N "$1" -u "$beat"
}

# state_of PID PATTERN: whether it is in such a state, as proc(5) has it.
state_of() {
	local pid_and_name state
	read -r pid_and_name _ state _ 2>/dev/null <"/proc/$1/stat" || return
	# shellcheck disable=SC2053 # a pattern
	[[ $pid_and_name && $state == $2 ]]
}

freeze() {
	kill -s "${2:-STOP}" "$1" && wait_for state_of "$1" T
}

# --- the shim

# start_under_attack NAME [VARIABLE=VALUE...] [OPTION...]: sets $shim_pid, $socket and $base_fds.
start_under_attack() {
	local name=$1 environment=() options=("${unconfined[@]}")
	shift
	while [[ ${1:-} == [A-Z]*=* ]]; do
		environment+=("$1")
		shift
	done
	socket=$work/$name.vsock_1234
	shim_log=$work/$name.shim
	env "${environment[@]}" "$shim" serve --notify-socket="$work/notify" "${options[@]}" "$@" \
		"$work/$name.vsock" 2>"$shim_log" </dev/null &
	shim_pid=$!
	pids+=("$shim_pid")
	if ! wait_for is_up; then
		not_ok "$name-starts" "$(tail -n 3 "$shim_log")"
		return 1
	fi
	# Once, so that what is made at the first message is there.
	timeout "$patience" "$client" "$socket" STATUS=first
	timeout "$patience" "$client" "$socket" BARRIER=1
	base_fds=$(count_fds)
}

is_up() {
	grep -qs 'listening at' "$shim_log" || ! state_of "$shim_pid" '[RSD]'
}

# stop_under_attack NAME: in order, with nothing left.
stop_under_attack() {
	local status
	kill -TERM "$shim_pid"
	wait_for is_gone || kill -KILL "$shim_pid"
	wait "$shim_pid" 2>/dev/null
	status=$?
	forget "$shim_pid"
	verdict "$1" "$(
		same "exit status" 0 "$status"
		same "what is left behind" "" "$(compgen -G "$socket*")"
	)"
}

is_gone() {
	[[ ! -e /proc/$shim_pid ]] || state_of "$shim_pid" Z
}

count_fds() {
	local all=("/proc/$shim_pid/fd/"*)
	echo "${#all[@]}"
}

fds_are_back() {
	(($(count_fds) <= base_fds))
}

# CPU time, in ticks.
ticks() {
	local fields
	read -ra fields <"/proc/$shim_pid/stat" && echo $((fields[13] + fields[14]))
}

# --- the host: a sink that prints into a file, another after each replacement

start_host() {
	local path=$1
	told+=("$work/told.${#told[@]}")
	rm -f "$work/commands"
	mkfifo "$work/commands"
	exec {host}<>"$work/commands"
	"$build/tests/notify-sink" --control "$path" >"${told[-1]}" <&"$host" &
	host_pid=$!
	pids+=("$host_pid")
	wait_for grep -qs '^# listening' "${told[-1]}"
}

# What was told since begin_scenario, of all hosts in their order.
told_since() {
	tail -c +$((mark_at + 1)) "${told[mark]}"
	cat /dev/null "${told[@]:mark + 1}"
}

# unheard LABEL SENT CHECKS [RESETS]: a complaint unless the good guest's messages are there, in order, once.
unheard() {
	told_since | awk -v label=" good-$1@" -v sent="$2" -v share="$((long ? 100 : 20))" -v checks="$3" -v resets="${4:-0}" '
		(at = index($0, label)) {
			number = substr($0, at + length(label)) + 0
			count++
			if (number <= last && !wrong)
				wrong = number " after " last
			last = number
		}
		END {
			missing = sent - count
			if (wrong)
				print "twice or out of order: " wrong
			if (checks ~ /all/ && missing || checks ~ /most/ && (missing > resets || share * missing > sent))
				print missing " of " sent " messages are missing, " resets " failed"
		}'
}

# --- a scenario

# start_attack KIND [NAME=VALUE...]
start_attack() {
	# What is measured is the shim, not how well the machine shares its cores.
	follow "attack${#attacks[@]}" 1 nice -n 10 "$bin/attack" "$1" "$socket" "${@:2}"
	attacks+=("attack${#attacks[@]}")
}

await_attacks() {
	local attack patience=$((long ? 150 : 30))
	for attack in "${attacks[@]}"; do
		if await "$attack" '^(up|over): '; then
			figures+=("${line#*: }")
			[[ $line == over:* ]] || holds=1
		else
			complain "an attack fails, or is not over in $patience s"
		fi
	done
}

end_attacks() {
	local attack pid
	for attack in "${attacks[@]}"; do
		pid=${attack}_pid
		kill "${!pid}" 2>/dev/null
		end "$attack"
	done
	attacks=()
}

complain() {
	complaints+=("$1")
}

# begin_scenario NAME CHECKS
begin_scenario() {
	local options=()
	[[ $2 != *thinks* ]] || options=(think=5000)
	complaints=() figures=() attacks=() holds=
	mark=$((${#told[@]} - 1))
	mark_at=$(stat -c %s "${told[mark]}")
	ticks_before=$(ticks)
	follow watch 1 "$bin/watch" "$shim_pid"
	await watch watching
	follow good 1 "$bin/good" "$socket" "$1" more="$more" beat="$work/beat" "${options[@]}"
	await good first
}

# The good guest ends; where the attack holds on, or the host or the shim were away, after a while. Its
# figures are in $sent, $resets, $p50, $p99 and $max.
# end_good CHECKS
end_good() {
	local patience=60 signal=TERM
	# What comes after an attack would make its figures better.
	[[ $holds || ${figures[*]} == "" || $1 != *timed* ]] || signal=INT
	kill -s "$signal" "$good_pid" 2>/dev/null
	end good
	sent=0 resets=0 p50=0 p99=0 max=0
	if ((status != 0)) || ! read_figures good; then
		complain "the good guest failed, status $status"
	fi
}

# read_figures NAME: the words NAME=NUMBER of the last line.
read_figures() {
	local word words
	read -ra words < <(tail -n 1 "$work/$1.log")
	for word in "${words[@]}"; do
		[[ $word =~ ^[a-z0-9]+=[0-9]+$ ]] || return 1
		printf -v "${word%%=*}" %s "${word#*=}"
	done
	((${#words[@]} > 0))
}

# The attack is over: a good guest is served as ever, nothing is left, nothing goes on.
check_aftermath() {
	local name=$1 before
	is_gone && complain "the shim is dead: $(tail -n 3 "$shim_log")"
	follow after 1 "$bin/good" "$socket" "$name-after" count=20 pace=0
	end after
	((status == 0)) || complain "afterwards the good guest fails, status $status"
	# Behind all that was told: when it is answered, all is in the file.
	timeout "$patience" "$client" "$socket" BARRIER=1 || complain "a barrier does not come back"
	complain "$(unheard "$name-after" 20 all | sed 's/^/afterwards, /')"
	wait_for fds_are_back || complain "$(count_fds) descriptors, not $base_fds"
	idle=-
	if [[ $long ]]; then
		before=$(ticks)
		moment 3
		idle=$(($(ticks) - before))
		((idle <= 1)) || complain "a busy loop: $idle ticks in 3 idle seconds"
	fi
}

# finish_scenario NAME CHECKS
finish_scenario() {
	local name=$1 checks=$2 peak=0 fds=0 used
	check_aftermath "$name"
	complain "$(unheard "$name" "$sent" "$checks" "$resets")"
	stop watch
	read_figures watch
	((peak > 0)) || complain "its memory cannot be seen"
	((peak < peak_limit_kib)) || complain "$peak KiB private dirty"
	used=$(($(ticks) - ticks_before))
	[[ $checks != *timed* || -z $long ]] || ((p99 <= p99_limit_usec)) || complain "p99 is $p99 us"
	awk -v name="$name" -v used="$used" -v what="$(IFS=,; echo "${figures[*]}")" -v tick="$(getconf CLK_TCK)" \
		-v numbers="$sent $resets $p50 $p99 $max $peak $fds $idle" 'BEGIN {
			split(numbers, n, " ")
			printf "# %-16s good %6d (%d reset)  p50 %8.2f  p99 %8.2f  max %8.2f ms  peak %4d KiB  fds %4d  cpu %6.2f s  idle %2s  %s\n",
				name, n[1], n[2], n[3] / 1000, n[4] / 1000, n[5] / 1000, n[6], n[7], used / tick, n[8], what
		}'
	verdict "$name" "$(printf '%s\n' "${complaints[@]}" | sed '/^$/d')"
}

# scenario NAME CHECKS MEANWHILE ATTACKS: attacks are separated by ';'. MEANWHILE (meanwhile.sh) is called
# with "begin" before they start, "up" when their pressure is on, and "over" when the good guest has ended.
scenario() {
	local name=$1 checks=$2 meanwhile=meanwhile_$3 list attack words
	if ! begin_scenario "$name" "$checks"; then
		not_ok "$name" "the good guest cannot begin: $(tail -n 1 "$shim_log")"
		end_good "$checks"
		stop watch
		return
	fi
	"$meanwhile" begin
	IFS=';' read -ra list <<<"$4"
	for attack in "${list[@]}"; do
		read -ra words <<<"${attack//BEAT/$work/beat}"
		start_attack "${words[@]}"
	done
	await_attacks
	"$meanwhile" up
	end_good "$checks"
	"$meanwhile" over
	end_attacks
	finish_scenario "$name" "$checks"
}
