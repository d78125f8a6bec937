#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A service manager that is away: it costs a guest one wait, not one a message, and gets everything in order when it comes.
#	tests/cli/test-away.sh
# BUILD names another build folder, CC another compiler.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

require_built vsock-notify plugins/notify.so tests/notify-sink
build_client || exit 1
# A clock that is moved by hand, so that nobody waits for ten seconds.
"$cc" -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -shared -fPIC -o "$work/clock.so" "$top/tests/chaos/preload-clock.c" || exit 1
unset NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES JOURNAL_STREAM VSOCK_NOTIFY_PLUGIN_PATH
export LC_ALL=C

move_clock() {
	printf '%s\n' "$1" 1<>"$work/switch"
}

if grep -q 'fsanitize=address' <<<"${cflags[*]}"; then
	echo "skip away: a sanitizer's programs take no library that replaces the clock (optional)"
	summary
	exit
fi

# Eight messages, one after the other: each waits for the answer to the one before. The clock is moved once, while the first
# one is held; a second one that is held would be held until patience runs out.
start_away() {
	move_clock 0
	CHAOS_SWITCH=$work/switch LD_PRELOAD=$work/clock.so follow shim 2 "$shim" serve --log-level=debug --no-confine \
		--notify-socket="$1" "$work/vm"
	await shim 'listening at'
	printf 'STATUS=%s\n' 1 2 3 4 5 6 7 8 >"$work/says"
	input=$work/says follow guest 1 "$client" "$work/vm_1234" - each
	await shim 'takes no notifications'
	move_clock 11
	end guest
}

held_long() {
	grep -cE 'held [0-9]{8,} us' "$work/shim.log"
}

start_away "$work/notify"
guest_status=$status
start_sink
await sink STATUS=8
stop shim
verdict manager-that-is-away-holds-nobody-twice "$(
	same "the guest's exit status" 0 "$guest_status"
	same "answers" 8 "$(grep -c '^sent' "$work/guest.log")"
	same "connections that were held for ten seconds" 1 "$(held_long)"
	same "lines that say so" 1 "$(grep -c 'has taken nothing for 10 s: guests do not wait for it' "$work/shim.log")"
	same "lines that say that it is back" 1 "$(grep -c 'takes notifications again' "$work/shim.log")"
)"
stop sink
verdict what-was-said-meanwhile-comes-in-order "$(
	same "what comes" "$(<"$work/says")" "$(datagrams | grep '^STATUS')"
)"

summary
