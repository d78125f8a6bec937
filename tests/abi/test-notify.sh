#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The notify plugin in a real shim: settings that it does not take are one line that says why, and what it
# did not pass on is summed up at the end.
#	tests/abi/test-notify.sh
# BUILD names another build folder.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

require_built vsock-notify plugins/notify.so tests/notify-sink
build_client || exit 1
unset NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES JOURNAL_STREAM VSOCK_NOTIFY_PLUGIN_PATH
export LC_ALL=C
cd "$work" || exit 1

# --- settings

# not_taken NAME PATTERN KEY=VALUE...: the shim does not start with it, and says why in one line.
not_taken() {
	refuses "$1" 1 "^vsock-notify: .*$2" "$shim" serve --notify-socket="$work/notify" --plugin="notify,$3" vsock
}
why_mainpid='it would let the guest choose which process of the host is the service.s, and killed'
not_taken allow-mainpid "notify: allow=MAINPID: $why_mainpid" allow=MAINPID
not_taken allow-one-of-several 'notify: allow=X_A,WATCHDOG_USEC: it would .*WatchdogSec=' \
	track=on,allow=X_A,WATCHDOG_USEC
not_taken allow-nothing 'notify: allow=NOTHING: it is no field of sd_notify' allow=NOTHING
not_taken deny-nothing 'notify: deny=NOTHING: it is no field of sd_notify' deny=NOTHING
not_taken prefix 'notify: status-prefix=a.x1b: it has control characters' status-prefix=a$'\e'
not_taken max-status 'plugin notify: max-status=1: the value is not one it takes' max-status=1
not_taken unknown 'plugin notify has no key "frobnicate"' frobnicate=1

# --- what is summed up

# A guest that has used up its log lines does not hide what it was refused: one message has more of them than a burst.
start_sink
start_shim --plugin='notify,allow=X_A,status-prefix=VM web: ' vsock
socket=$work/vsock_1234
printf -v flood 'X_SYSTEMD_A=%s\n' {1..230}
"$client" "$socket" $'MAINPID=1\nX_A=1\nSTATUS=a'
"$client" "$socket" "$flood"
"$client" "$socket" $'MAINPID=1\nWATCHDOG=trigger'
stop shim
await sink 'BARRIER=1$'
verdict passed-on "$(
	same "exit status" 0 "$status"
	same "what the manager got" $'X_A=1\\nSTATUS=VM web: a\nBARRIER=1' "$(datagrams)"
)"
verdict summed-up "$(same "what it said in the end" \
	$'not passed on in all: MAINPID= 2 times\nnot passed on in all: WATCHDOG= 1 times' \
	"$(sed -n 's/^vsock-notify: notify: \(.*in all.*\)/\1/p' "$work/shim.log")")"

summary
