# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# For test scripts to source: counting, a shim and a sink that are started and awaited, one clean-up.
# Nothing here waits for a time to pass: always for a line, an end of file, or an exit.
# shellcheck disable=SC2034 # some variables are for who sources this
set -u -o pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(realpath -m "${BUILD:-$top/build}")
shim=$build/vsock-notify
cc=${CC:-cc}
read -ra cflags <<<"${CFLAGS:-}" # a sanitizer's, where the product was built with one
work=$(mktemp -d)
pids=()
passed=0
failed=0

# What nobody here waits for on purpose: only a broken product takes that many seconds.
patience=10

cleanup() {
	local pid
	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null
	done
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' HUP INT PIPE TERM

ok() {
	passed=$((passed + 1))
	echo "ok $1"
}

not_ok() {
	failed=$((failed + 1))
	echo "not ok $1: $2"
}

# verdict NAME COMPLAINT: no complaint is good.
verdict() {
	if [[ -z $2 ]]; then
		ok "$1"
	else
		not_ok "$1" "${2//$'\n'/; }"
	fi
}

# same WHAT EXPECTED ACTUAL: a complaint, or nothing.
same() {
	[[ $2 == "$3" ]] || echo "$1 is \"$3\", not \"$2\""
}

summary() {
	echo "$passed passed, $failed failed"
	((failed == 0))
}

require_built() {
	local program
	for program; do
		if [[ ! -e $build/$program ]]; then
			echo "not ok setup: $build/$program is not there; build it first"
			echo "0 passed, 1 failed"
			exit 1
		fi
	done
}

# Runs a command to its end; its standard output, error and status are in $out, $err and $status.
run() {
	timeout -k 2 "$patience" "$@" >"$work/run.out" 2>"$work/run.err" </dev/null
	status=$?
	out=$(<"$work/run.out")
	err=$(<"$work/run.err")
}

# one_line PATTERN TEXT: a complaint unless TEXT is one line of which PATTERN (a regex) is a part.
one_line() {
	local lines
	lines=$(printf '%s' "$2" | grep -c '')
	((lines == 1)) || echo "$lines lines on standard error, not one: $2"
	grep -Eq -- "$1" <<<"$2" || echo "standard error does not say /$1/: $2"
}

# refuses NAME STATUS PATTERN COMMAND...: it fails with STATUS, and says why in one line.
refuses() {
	local name=$1 expected=$2 pattern=$3
	shift 3
	run "$@"
	verdict "$name" "$(same "exit status" "$expected" "$status"; one_line "$pattern" "$err")"
}

# A program whose lines can be awaited: follow NAME FD COMMAND... starts it with its output FD in a
# pipe. ${NAME}_pid is its process, ${NAME}_fd the pipe, $work/NAME.log what was read of it so far. Its
# standard input is $input where that is set.
follow() {
	local name=$1 output=$2 fd
	shift 2
	rm -f "$work/$name.pipe"
	mkfifo "$work/$name.pipe"
	: >"$work/$name.log"
	if ((output == 2)); then
		"$@" 2>"$work/$name.pipe" <"${input:-/dev/null}" &
	else
		"$@" >"$work/$name.pipe" <"${input:-/dev/null}" &
	fi
	pids+=($!)
	printf -v "${name}_pid" %s $!
	exec {fd}<"$work/$name.pipe"
	printf -v "${name}_fd" %s "$fd"
}

# await NAME PATTERN: reads on until a line has PATTERN (a regex), which is then in $line. Fails at
# the end of file, and (status 2) when patience has run out.
await() {
	local fd=${1}_fd got
	while true; do
		IFS= read -r -t "$patience" -u "${!fd}" line
		got=$?
		((got <= 128)) || return 2
		((got == 0)) || return 1
		printf '%s\n' "$line" >>"$work/$1.log"
		[[ ! $line =~ $2 ]] || return 0
	done
}

# end NAME: reads to the end of file and waits for the process, whose status is then in $status.
end() {
	local fd=${1}_fd pid=${1}_pid
	fd=${!fd} pid=${!pid}
	await "$1" 'no line ^ has this'
	(($? != 2)) || kill -KILL "$pid"
	exec {fd}<&-
	wait "$pid"
	status=$?
	forget "$pid"
}

forget() {
	local pid left=()
	for pid in "${pids[@]}"; do
		[[ $pid == "$1" ]] || left+=("$pid")
	done
	pids=("${left[@]}")
}

# start_sink [OPTION...]: the host's service manager, at $work/notify. Its datagrams: await sink.
start_sink() {
	follow sink 1 "$build/tests/notify-sink" "$@" "$work/notify"
	await sink '^# listening$'
}

# start_shim ARGUMENT...: "serve" with the sink as service manager, until it listens.
start_shim() {
	follow shim 2 "$shim" serve --notify-socket="$work/notify" "$@"
	await shim 'listening at'
}

# stop NAME [SIGNAL]: ends it in order.
stop() {
	local pid=${1}_pid
	kill -s "${2:-TERM}" "${!pid}"
	end "$1"
}

# The datagrams that were read from the sink, without their times.
datagrams() {
	sed -n 's/^[0-9]*\t//p' "$work/sink.log"
}

# Compiles the guest's side of a connection (client.c says how it is used) to $client.
build_client() {
	client=$work/client
	"$cc" -std=c17 -Wall -Wextra -Werror "${cflags[@]}" -o "$client" "$top/tests/cli/client.c"
}
