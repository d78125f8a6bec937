#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The unit tests, and one run of the shim with a few hundred notifications, in valgrind: no error, no leak.
set -u -o pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-build}
[[ $build == /* ]] || build=$root/$build
passed=0
failed=0
shim=
sink=
work=$(mktemp -d)

finish() {
	local pid
	for pid in $shim $sink; do
		kill "$pid" 2>/dev/null
	done
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' HUP INT TERM

# libcheck runs each case in a child, whose errors become its exit status.
valgrind=(valgrind --quiet --error-exitcode=99 --leak-check=full '--errors-for-leak-kinds=definite,indirect,possible')

verdict() {
	if [[ $2 == 0 ]]; then
		echo "ok $1"
		((passed++))
	else
		echo "not ok $1: status $2"
		grep -E '^not ok|^==' "$work/log" | head -n 60 | sed 's/^/# /'
		((failed++))
	fi
}

for program in "$build"/tests/unit/test_*; do
	# It runs out of descriptors on purpose, and valgrind has its own idea of their limit.
	[[ $program != */test_acceptor ]] || continue
	# They execute themselves as /proc/self/exe, which is valgrind's own file here.
	[[ $program != */test_spawn && $program != */test_supervisor* ]] || continue
	# Debian 12's knows no pidfd_open(2).
	[[ $program != */test_show_place ]] || continue
	# Tens of thousands of messages, which "make check-asan" runs too.
	[[ $program != */test_outgoing_random ]] || continue
	# A thread that reads as fast as it can beside one that writes: minutes, as valgrind runs one of them at a time.
	[[ $program != */test_state_file_reader ]] || continue
	# Nor cases with that tag, of programs that have others.
	CK_EXCLUDE_TAGS="pidfd openat2" CK_TIMEOUT_MULTIPLIER=10 "${valgrind[@]}" "$program" >"$work/log" 2>&1
	verdict "valgrind-${program##*/}" $?
done

"$build/tests/notify-sink" "$work/notify" >"$work/told" &
sink=$!
# Unconfined: valgrind makes system calls of its own.
"${valgrind[@]}" "$build/vsock-notify" serve --no-confine --log-level=debug --notify-socket="$work/notify" "$work/vsock" >"$work/log" 2>&1 &
shim=$!
"$build/tests/stand-in" --wait=30 --mode=ch53 --pid1=1 --programs=4 --count=200 --latency=50:500 --barrier --bad=empty --bad=reset \
	--bad=oversize --bad=nul "$work/vsock" >"$work/guest" 2>&1
verdict valgrind-notifications-are-answered $?
kill "$shim"
wait "$shim"
status=$?
shim=
verdict valgrind-shim "$status"
echo "$passed passed, $failed failed"
((failed == 0))
