#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# "vsock-notify status" with the real shim: one VM, a table, JSON, the live view, bad files, and hostile guests.
#	tests/cli/test-status.sh
# BUILD names another build folder, CC another compiler.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

require_built vsock-notify vsock-notify-show plugins/notify.so tests/notify-sink
build_client || exit 1
mkdir "$work/bin" "$work/all" "$work/all/web" "$work/all/deep" "$work/all/deep/db" "$work/none"
"$cc" -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror "${cflags[@]}" -o "$work/bin/pty" "$top/tests/cli/run-pty.c" || exit 1
unset NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES JOURNAL_STREAM VSOCK_NOTIFY_PLUGIN_PATH RUNTIME_DIRECTORY XDG_RUNTIME_DIR NO_COLOR TERM
export LC_ALL=C.UTF-8 TZ=UTC0 PATH=$work/bin:$PATH VSOCK_NOTIFY_RUNTIME_PATH=$work/all
cd "$work" || exit 1
web=$work/all/web/vsock
db=$work/all/deep/db/vsock
exec {never}<> <(:) # nobody writes to it: a pause

say() {
	"$client" "${1}_1234" "$2"
}

# has PATTERN TEXT: complains unless a line of TEXT matches.
has() {
	grep -Eq -- "$1" <<<"$2" || echo "no line /$1/ in: $(cat -v <<<"$2")"
}

has_not() {
	grep -Eq -- "$1" <<<"$2" && echo "a line /$1/ in: $(cat -v <<<"$2")"
}

# until_state FILE REGEX: until a line of the state file matches.
until_state() {
	local end=$((SECONDS + patience)) _
	until grep -Eqs "$2" "$1"; do
		((SECONDS < end)) || return 1
		read -r -t 0.01 -u "$never" _
	done
	return 0
}

# on_terminal COLUMNS COMMAND...: what a terminal of that width is sent, in $out, its exit status in the last line.
on_terminal() {
	local columns=$1
	shift
	out=$(timeout "$patience" pty sh -c 'stty cols "$1" rows 30; shift; exec "$@"' - "$columns" "$@" <&"$never")
}

run "$shim" status
verdict none "$(same "exit status" 0 "$status"; same "standard output" "" "$out"; one_line 'no VM has a state file' "$err")"
run "$shim" status --json
verdict none-json "$(same "exit status" 0 "$status"; same "standard output" '[]' "$out")"
refuses no-such-file 1 'none/vsock: there is no state file' "$shim" status "$work/none/vsock"
refuses no-such-name 1 "there is no VM named \"none\" below $work/all; for a socket in this folder write ./none" "$shim" status none
refuses option-after-operand 2 'is no VSOCK; options go before it' "$shim" status web --json
refuses empty-operand 2 'is no VSOCK' "$shim" status ''
refuses follow-two 2 'follow shows one VSOCK' "$shim" status --follow a b

start_sink
start_shim "$web"
web_shim=$shim_pid
follow db 2 "$shim" serve --notify-socket="$work/notify" --keep-state "$db"
await db 'listening at'
say "$web" X_SYSTEMD_HOSTNAME=host
say "$web" X_SYSTEMD_MACHINE_ID=0123
say "$web" X_SYSTEMD_SIGNALS_LEVEL=2
say "$web" X_SYSTEMD_UNIT_ACTIVE=basic.target
say "$web" X_OWN=1=2
say "$web" MAINPID=1
say "$web" $'READY=1\nSTATUS=Serving \xe6\x97\xa5\xe6\x9c\xac'
until_state "${web}_1234.state" '^REFUSED_FIELDS=2'
until_state "${web}_1234.state" '^STATUS=Serving'

# ---- one

for operand in "$web" "${web}_1234" "${web}_1234.state" "$work/all/web" "$work/all/web/" web all/web/vsock ./all/web; do
	run "$shim" status "$operand"
	verdict "operand-${operand#"$work/"}" "$(
		same "exit status" 0 "$status"
		same "standard error" "" "$err"
		has '^. web$' "$out"
	)"
done
verdict full "$(
	has '^ *State: ready since 20[-0-9]* [0-9:]* UTC, .* ago$' "$out"
	has '^ *Status: Serving 日本$' "$out"
	has '^ *Hostname: host$' "$out"
	has '^ *Machine: 0123$' "$out"
	has '^ *Signals: 2$' "$out"
	has '^ *Boot: 1, started .*, first word after [0-9.]*m?s, ready after [0-9.]*m?s$' "$out"
	has "^ *PID: $web_shim \\(vsock-notify\\)\$" "$out"
	has '^ *Messages: 7 from the guest; 1 delivered, 0 dropped; 2 fields refused$' "$out"
	has '^ *Units: basic.target after [0-9.]*m?s$' "$out"
	has '^ *X_OWN=1=2$' "$out"
	has '^ *Refused: X_OWN=, 1 times$' "$out"
	has '^ *MAINPID=, 1 times$' "$out"
	has_not $'\e' "$out"
	has_not '^ *Lost:' "$out"
)"
sed -e 's/^LOST_MESSAGES=.*/LOST_MESSAGES=5/' -e 's/^LIFE_LOST_MESSAGES=.*/LIFE_LOST_MESSAGES=1/' \
	-e 's/^BOOTS=/READY_INFERRED=1\n&/' -e 's/^END=1$/LOST=1\nEND=1/' "${web}_1234.state" >"$work/lost.state"
run "$shim" status "$work/lost.state"
verdict lost-messages "$(
	has '^ *Lost: 1 message in this life, 5 in all: the VMM has ended their connections$' "$out"
	has '^ *Boot: .*, ready after [0-9.]*m?s [(]inferred: READY=1 was lost[)]$' "$out"
	has '^ *without a byte; vsock-notify[(]7[)], LOST MESSAGES, has the cause and the cure$' "$out"
)"
json=$("$shim" status --json "$work/lost.state")
verdict lost-messages-json "$(
	same "counters" '[5,1]' "$(jq -c '.[0].counters | [.lost_messages, .life_lost_messages]' <<<"$json")"
	same "inferred" true "$(jq -c '.[0].ready_inferred' <<<"$json")"
	same "times" '[1]' "$(jq -c '.[0].lost | map(.time_usec)' <<<"$json")"
)"
rm "$work/lost.state"
run "$shim" status web db
verdict two-in-full "$(same "exit status" 0 "$status"; has '^. web$' "$out"; has '^. db$' "$out")"

# ---- the table

run "$shim" status
verdict table "$(
	same "exit status" 0 "$status"
	same "the rows" "NAME db web" "$(awk '{ print $1 }' <<<"$out" | paste -sd' ')"
	has '^NAME  STATE    SINCE     STATUS$' "$out"
	has '^db    waiting  [0-9:]{8}$' "$out"
	has '^web   ready    [0-9:]{8}  Serving 日本$' "$out"
	has_not $'\e' "$out"
)"
export TERM=xterm
on_terminal 40 "$shim" status
verdict table-on-terminal "$(
	has $'^web   \e\\[32mready    \e\\[0m[0-9:]{8}  Serving 日本' "$out"
	has '^exit 0' "$out"
)"
on_terminal 36 "$shim" status
verdict table-cut-after-wide-character "$(has '[0-9:]{8}  Serving 日…' "$out")"
on_terminal 35 "$shim" status
verdict table-cut-within-wide-character "$(has '[0-9:]{8}  Serving …' "$out")"
NO_COLOR=1 on_terminal 80 "$shim" status
verdict no-colour "$(has '^web   ready ' "$out"; has_not $'\e' "$out")"
TERM=dumb on_terminal 80 "$shim" status
verdict dumb-terminal "$(has '^web   ready ' "$out"; has_not $'\e' "$out")"
LC_ALL=C on_terminal 80 "$shim" status
verdict terminal-without-utf8 "$(has 'Serving \\xe6\\x97\\xa5' "$out")"
unset TERM

# ---- JSON

# q FILTER EXPECTED: what the filter makes of $json.
q() {
	same "$1" "$2" "$(jq -c "$1" <<<"$json" 2>&1)"
}
run "$shim" status --json
json=$out
verdict json "$(
	same "exit status" 0 "$status"
	q 'map(.name)' '["db","web"]'
	q 'map(keys) | unique | length' 1
	q '.[1] | [.state, .status, .hostname, .machine_id, .signals_level, .port, .boots, .paused, .process]' \
		'["ready","Serving 日本","host","0123","2",1234,1,false,"running"]'
	q ".[1].pid == $web_shim" true
	q '.[1].units | map([.name, .active])' '[["basic.target",true]]'
	q '.[1].fields | map(select(.name == "X_OWN") | .value)' '["1=2"]'
	q '.[1].refused | map([.name, .count])' '[["X_OWN",1],["MAINPID",1]]'
	q '.[1].counters | [.connections, .delivered, .refused_fields]' '[7,1,2]'
	q '.[1].counters | [.lost_messages, .life_lost_messages]' '[0,0]'
	q '.[1].lost' '[]'
	q '.[1].ready_inferred' false
	q '.[1].held | length' 7
	q '.[1] | [.exit_status, .shutdown, .vmm_pid]' '[null,null,null]'
	q '.[1] | .ready_usec >= .first_usec and .first_usec >= .started_usec and .started_usec > 0' true
	q '.[1].ready | test("^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z$")' true
	q '.[0] | [.first_usec, .first, .hostname, .units]' '[null,null,null,[]]'
	q '(now - (.[1].ready | sub("[.][0-9]*Z"; "Z") | fromdate)) | . > -2 and . < 60' true
)"

# The wall clock was set since the file was written: who reads it has the right dates all the same, as long as the same boot is
# known to go on, which the writer shows.
moved=$work/moved.state
sed 's/^REALTIME_USEC=.*/REALTIME_USEC=1/' "${web}_1234.state" >"$moved"
verdict dates-by-the-readers-clock "$(
	json=$("$shim" status --json "$moved")
	q '(now - (.[0].ready | sub("[.][0-9]*Z"; "Z") | fromdate)) | . > -2 and . < 60' true
)"
sed -i 's/^PID_START=.*/PID_START=1/' "$moved"
verdict dates-by-the-writers-clock-when-it-is-gone "$(
	json=$("$shim" status --json "$moved")
	q '.[0].ready | test("^1970")' true
)"
rm "$moved"

# ---- each change

follow lines 1 "$shim" status --follow "$db"
await lines ' vsock waiting$| db waiting$'
follow all 1 "$shim" status --follow
await all ' db waiting$'
await all ' web ready: Serving 日本$'
follow json_lines 1 "$shim" status --follow --json db
await json_lines '^\[.*"state":"waiting"'
say "$db" $'X_SYSTEMD_HOSTNAME=db\nSTATUS=Starting.'
verdict follow-lines "$(await lines ' db booting: Starting\.$' || echo "no line when it boots")"
verdict follow-all "$(await all ' db booting: Starting\.$' || echo "no line when it boots")"
verdict follow-json "$(await json_lines '^\[.*"state":"booting"' || echo "no array when it boots")"
say "$db" $'EXIT_STATUS=3\nX_SYSTEMD_SHUTDOWN=poweroff'
verdict follow-exit "$(await lines ' db stopped, exit status 3' || echo "no line when it stops")"
say "$web" X_SYSTEMD_UNIT_ACTIVE=shutdown.target
verdict follow-all-other "$(await all ' web stopping' || echo "no line when another stops")"
for name in lines all json_lines; do
	stop "$name"
done
verdict follow-all-once "$([[ -s $work/all.log ]] || echo "no lines"; sort "$work/all.log" | uniq -d)"
export TERM=xterm
input=/dev/fd/$never
follow live 1 pty sh -c 'stty cols 60 rows 5; exec "$@"' - "$shim" status --follow
await live 'web'
say "$web" STATUS=other
verdict follow-live "$(await live 'other' || echo "the view is not drawn anew: $(cat -v "$work/live.log")")"
kill "$(pgrep -f -x "$shim status --follow" | head -n 1)"
end live
input=
verdict follow-live-redraws "$(
	all=$(<"$work/live.log")
	has $'\e\\[H' "$all"
	has $'\e\\[J' "$all"
)"
unset TERM

# ---- after the end

stop db
run "$shim" status db
verdict kept "$(same "exit status" 0 "$status"; has '^ *State: stopped \(poweroff\), exit status 3 since' "$out"; has 'vsock-notify, gone' "$out"; has_not 'was killed' "$out")"
stop shim KILL
run "$shim" status
verdict killed-in-table "$(same "exit status" 0 "$status"; has '^web   gone ' "$out")"
run "$shim" status --json web
verdict killed-in-json "$(same "exit status" 0 "$status"; same "process" '"gone"' "$(jq '.[0].process' <<<"$out")")"
cp "${web}_1234.state" "$work/good"
# A panic stays a panic to the end, which is known by the exit status.
sed 's/^STATE=.*/STATE=panicked\nEXIT_STATUS=1/' "$work/good" >"${web}_1234.state"
run "$shim" status
verdict panicked-in-table "$(has '^web   panicked ' "$out")"
run "$shim" status web
verdict panicked-in-full "$(has 'State: panicked, exit status 1 since' "$out"; has_not 'was killed' "$out")"
# Of a process in another PID namespace nothing is known.
sed 's/^PID_NAMESPACE=.*/PID_NAMESPACE=1/' "$work/good" >"${web}_1234.state"
run "$shim" status --json web
verdict other-namespace "$(same "process" '"unknown"' "$(jq '.[0].process' <<<"$out")")"
run "$shim" status web
verdict other-namespace-in-full "$(has_not 'gone' "$out")"

# ---- files that are none

# bad NAME PATTERN: what is on standard input as web's state; alone it is an error, in the table beside a good one too.
bad() {
	cat >"${web}_1234.state"
	refuses "$1" 1 "$2" "$shim" status "$web"
	run "$shim" status
	verdict "$1-in-table" "$(same "exit status" 1 "$status"; one_line "$2" "$err"; has '^db ' "$out")"
}
head -n 9 "$work/good" | bad truncated 'vsock_1234.state is not whole'
sed 's/^VSOCK_NOTIFY_STATE=1/VSOCK_NOTIFY_STATE=2/' "$work/good" | bad newer 'is of a newer vsock-notify'
sed 's/^PORT=.*/PORT=-1/' "$work/good" | bad damaged 'is damaged in line 4'
echo other >"${web}_1234.state"
refuses foreign 1 'is no state file' "$shim" status "$web"
run "$shim" status
verdict foreign-in-table "$(same "exit status" 0 "$status"; same "standard error" "" "$err"; has '^db ' "$out"; has_not '^web' "$out")"
# Who may do anything cannot be denied to read: somebody else is tried.
cp "$work/good" "${web}_1234.state"
chmod 000 "${web}_1234.state"
if [[ $(id -u) == 0 ]]; then
	chmod 755 "$work" "$work/all" "$work/all/web"
	install -d -m 755 "$work/program"
	install -m 755 "$build/vsock-notify" "$build/vsock-notify-show" "$work/program"
	as=(setpriv --reuid=65534 --regid=65534 --clear-groups "$work/program/vsock-notify")
else
	as=("$shim")
fi
refuses no-permission 1 'vsock_1234.state cannot be read: Permission denied' "${as[@]}" status "$web"
run "${as[@]}" status
verdict no-permission-in-table "$(same "exit status" 1 "$status"; has 'web/vsock_1234.state cannot be read: Permission denied' "$err")"
rm -f "${web}_1234.state"
touch "${web}_1.state" "${web}_2.state"
refuses several 1 'web/vsock means several VMs: name one of .*vsock_1.state, .*vsock_2.state' "$shim" status "$web"
rm "${web}_1.state" "${web}_2.state"

# ---- hostile: all that a file may have, as a guest, or whoever writes it, may choose it

{
	grep -vE '^(END|NAME|STATUS|UNIT|FIELD|REFUSED|SHUTDOWN)=' "$work/good"
	evil='\x1b[2J\x1b]0;title\x07\x9b31m\xe2\x80\xae\x0d\xc2\x9b'
	raw=$'\e]0;raw\a'
	echo "NAME=n$evil$raw"
	echo "STATUS=s$evil$raw"
	echo "SHUTDOWN=w$evil"
	echo "UNIT=1 1 u$evil$raw"
	echo "FIELD=1 0 f$evil=v$evil$raw"
	echo "REFUSED=1 99999999999999999999 r" | sed 's/9*9 r/18446744073709551615 r'"${evil//\\/\\\\}"'/'
	echo "HELD=18446744073709551615 4294967295 4294967295"
	echo END=1
} >"${web}_1234.state"
export TERM=xterm
verdict hostile-in-full "$(
	on_terminal 80 "$shim" status "$web"
	has '^exit 0' "$out"
	has 's\\x1b\[2J' "$out"
	rest=$(sed 's/\x1b\[[0-9]*m//g; s/\r$//' <<<"$out")
	has_not $'[\e\a\r]|\x9b' "$rest"
	[[ $rest != *$'\u202e'* ]] || echo "text is turned"
)"
verdict hostile-in-table "$(
	on_terminal 200 "$shim" status
	rest=$(sed 's/\x1b\[[0-9]*m//g; s/\r$//' <<<"$out")
	has 'n\\x1b' "$rest"
	has_not $'[\e\a\r]' "$rest"
)"
unset TERM
run "$shim" status --json "$web"
verdict hostile-json "$(
	same "exit status" 0 "$status"
	same "the status" 's\x1b[2J\x1b]0;title\x07\x9b31m' "$(jq -r '.[0].status' <<<"$out" | head -c 31)"
	has '"count":	18446744073709551615' "$out"
	LC_ALL=C has_not $'[\x01-\x08\x0b-\x1f]' "$out"
)"

run bash -c 'exec "$@" >/dev/full' - "$shim" status db
verdict full-disk "$(same "exit status" 1 "$status"; one_line 'cannot write to standard output' "$err")"
summary
