# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# $NOTIFY_SOCKET leads nowhere: the guest's first message waits for the service manager (10 s), the others do not. RuntimeMaxSec= is the
# bound: 8 messages that wait 10 s each are 80 s.

targets=
for number in 1 2 3 4 5 6 7 8; do
	targets+="say=X_SYSTEMD_UNIT_ACTIVE=$number.target "
done

there() {
	[[ -S $1 ]] || echo "there is no socket $1"
}

# away: $unit's guest says all that it has to say before the unit's bound.
away() {
	setting Type=exec NotifyAccess=none RuntimeMaxSec=45
	patience=60
	job start || echo "systemctl start failed"
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=inactive Result=success
	said 'stand-in: exit=0'
}

notify=/run/vms/nowhere
vm away "$targets exit=0" --notify-socket=$notify
judge away-manager-holds-the-guest-once "$(away)"

# It was there once: nobody reads from it, as its process has ended.
notify=/run/vms/refuses
timeout 1 socat -u UNIX-RECV:$notify,unlink-close=0 - {never}<&- >>"$work/away.log" 2>&1
vm refuses "$targets exit=0" --notify-socket=$notify
judge refusing-manager-holds-the-guest-once "$(there $notify; away)"

# It comes back: what changed meanwhile is delivered, in order, and guests wait for it again.
notify=/run/vms/back
received=$work/received
vm back "$targets say=READY=1 step say=STATUS=back hang" --notify-socket=$notify
setting Type=exec NotifyAccess=none
arrived() {
	tr '\n' ' ' <"$received" | grep -qE "$1" || echo "the service manager was not told /$1/, but $(tr '\n' ' ' <"$received")"
}
judge away-manager-that-comes-back-is-told "$(
	patience=60
	: >"$received"
	job start || echo "systemctl start failed"
	until_so said 'stand-in: step'
	socat -u UNIX-RECV:$notify OPEN:"$received",append {never}<&- 2>>"$work/away.log" &
	receiver=$!
	until_so arrived READY=1
	step
	until_so arrived 'READY=1.*STATUS=back'
	properties ActiveState=active
	kill "$receiver"
	wait "$receiver"
)"

# Datagrams can never reach a stream socket: that is wrong from the start on.
notify=/run/vms/stream
socat -u UNIX-LISTEN:$notify,fork - {never}<&- >>"$work/away.log" 2>&1 &
listener=$!
pids+=("$listener")
vm stream 'say=READY=1 hang' --notify-socket=$notify
setting Type=exec NotifyAccess=none
judge stream-socket-as-notify-socket-is-an-error "$(
	until_so there "$notify"
	job start
	await_property ActiveState '^(inactive|failed)$'
	properties ActiveState=failed Result=exit-code
	said "$notify"
	never_said 'stand-in: '
)"
kill "$listener"
wait "$listener"
forget "$listener"
