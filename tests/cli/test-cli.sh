#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The command line of vsock-notify: what it prints, what it refuses and in which words, what becomes
# of its socket file, and how it ends.
#	tests/cli/test-cli.sh
# BUILD names another build folder, CC another compiler.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

require_built vsock-notify plugins/notify.so tests/notify-sink
build_client || exit 1
"$cc" -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror "${cflags[@]}" -o "$work/hand-over" \
	"$top/tests/cli/hand-over.c" || exit 1
unset NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES JOURNAL_STREAM VSOCK_NOTIFY_PLUGIN_PATH
export LC_ALL=C

# The VM's folder: what is in it, and nothing, is part of what is tested.
vm=$work/vm
mkdir "$vm"
cd "$vm" || exit 1
socket=$vm/vsock_1234

# But for a state that is on its way, as one that lives, or was killed, may have it.
files() {
	find . -mindepth 1 ! -name '.*.state.new' -printf '%P\n' | sort | paste -sd' '
}

# What is in the folder, if it is not exactly what is expected.
only_files() {
	same "the folder's content" "$1" "$(files)"
}

# --- what it prints

prints() {
	local name=$1 pattern=$2
	shift 2
	run "$@"
	verdict "$name" "$(
		same "exit status" 0 "$status"
		same "standard error" "" "$err"
		grep -Eq -- "$pattern" <<<"$out" || echo "standard output does not say /$pattern/"
		! grep -n ' $' <<<"$out" || echo "a line ends in a blank"
	)"
}

prints version '^vsock-notify [0-9]+\.[0-9]+\.[0-9]+$' "$shim" --version
prints help '^  serve ' "$shim" --help
prints serve-help '^  --port=PORT ' "$shim" serve --help
prints plugins-help '^Usage: vsock-notify plugins' "$shim" plugins --help
prints plugins-lists-notify '^notify [0-9.]+ - ' "$shim" plugins
prints dump-plugin '^name=notify$' "$shim" serve --dump-plugin=notify

to_full() {
	run bash -c 'exec "$@" >/dev/full' - "${@:2}"
	verdict "$1" "$(same "exit status" 1 "$status"; one_line 'standard output' "$err")"
}

to_full version-to-full-disk "$shim" --version
to_full help-to-full-disk "$shim" --help
to_full serve-help-to-full-disk "$shim" serve --help
to_full plugins-to-full-disk "$shim" plugins
to_full dump-plugin-to-full-disk "$shim" serve --dump-plugin=notify
run bash -c 'exec "$@" >&-' - "$shim" --version
verdict version-to-closed-output \
	"$(same "exit status" 1 "$status"; one_line 'standard output' "$err")"

# --- wrong use: status 2 and a line that says what to do

wrong() {
	local name=$1 pattern=$2
	shift 2
	refuses "wrong-$name" 2 "^vsock-notify: .*$pattern" "$shim" "$@"
}

wrong no-command 'a command is missing: .*--help'
wrong unknown-command 'frobnicate is not a command: .*--help' frobnicate
wrong option-without-command '\-\-port=1 is not a command: ' --port=1 serve vsock
wrong unknown-option '\-\-frobnicate=1 is not an option.*serve --help' serve --frobnicate=1 vsock
wrong ambiguous-option '\-\-p=1 is not an option, or is ambiguous' serve --p=1 vsock
wrong short-option '\-x is not an option' serve -x vsock
wrong short-options '\-xy is not an option' serve -xy vsock
wrong value-for-help '\-\-help=yes is not an option' serve --help=yes
wrong plugins-operand 'extra: .*takes no operand' plugins extra
wrong plugins-option '\-\-port=1 is not an option.*plugins --help' plugins --port=1
wrong no-vsock 'VSOCK is missing: ' serve
wrong no-vsock-after-options 'VSOCK is missing: ' serve --port=1
wrong empty-vsock 'VSOCK is (missing|empty)' serve ''
wrong two-vsocks 'other: "vsock-notify serve" takes one VSOCK' serve vsock other
wrong option-after-vsock '\-\-port=1.*(before|one VSOCK)' serve vsock --port=1

# Each option with a value that it needs, and without one.
for option in $("$shim" serve --help | sed -n 's/^  --\([a-z-]*\)=.*/\1/p'); do
	wrong "$option-without-value" "\\-\\-$option needs a value" serve "--$option"
done

wrong_value() {
	local option=$1 pattern=$2 value
	shift 2
	for value; do
		wrong "$option=${value:0:24}" "\\-\\-$option=.*: .*$pattern" \
			serve "--$option=$value" vsock
	done
}

wrong_value port 'a number from 1 to 4294967294' \
	'' 0 -1 +1 1.5 12a ' 1' 0x10 4294967295 4294967296 99999999999999999999
wrong_value plugin "must begin with a plugin's name" '' ',key=value'
wrong_value framing 'auto, eof or settle:USEC' \
	'' Auto soon settle settle: settle:x settle:-1 settle:1ms eof,
wrong_value framing 'at most 5000000 microseconds' settle:5000001
wrong_value frame-timeout 'from 1ms to 60min' \
	'' 0 0s x s -1s 1.5s 5h '5 s' 999us 61min 3601s 99999999999999999999s
wrong_value max-connections 'a number from 1 to 1000' '' 0 -1 x 1001
wrong_value socket-mode 'octal mode without execute bits' '' x 8 0777 0601 01660 -1 u=rw
wrong_value socket-group 'there is no such group' '' no-such-group -1 4294967295
wrong_value log-level 'error, warning, info or debug' '' loud 3 Info
seventeen=()
for ((i = 0; i < 17; i++)); do
	seventeen+=(--plugin=notify)
done
wrong plugins-seventeen 'at most 16 plugins' serve "${seventeen[@]}" vsock

# The bounds themselves are right: --dump-plugin stops before anything is opened.
for good in port=1 port=4294967294 framing=auto framing=eof framing=settle:0 framing=settle:5000000 \
	frame-timeout=1ms frame-timeout=1000us frame-timeout=5 frame-timeout=60min \
	frame-timeout=3600s max-connections=1 max-connections=1000 socket-mode=0 \
	socket-mode=0666 socket-group=0 socket-group="$(id -gn)" \
	log-level=error log-level=warning log-level=info log-level=debug; do
	prints "right-$good" '^name=notify$' "$shim" serve "--$good" --dump-plugin=notify
done
prints right-abbreviation '^name=notify$' "$shim" serve --por=1 --dump=notify
verdict wrong-use-leaves-nothing "$(only_files '')"

# --- refused at start: status 1

refused() {
	local name=$1 pattern=$2
	shift 2
	refuses "refused-$name" 1 "^vsock-notify: .*$pattern" "$shim" serve "$@"
}

long_name=$(printf '%0120d' 0)
forms='absolute path, @NAME or vsock:CID:PORT'
numbers='vsock:CID:PORT, two numbers'
bad_address() {
	refused "address-${1:0:32}" "--notify-socket=.*: .*$2" --notify-socket="$1" vsock
	NOTIFY_SOCKET=$1 refused "environment-${1:0:32}" "\\\$NOTIFY_SOCKET=.*: .*$2" vsock
}
bad_address run/notify "$forms"
bad_address @ "$forms"
bad_address vsock-stream:2:1234 "$forms"
bad_address vsock: "$numbers"
bad_address vsock:2 "$numbers"
bad_address vsock:x:1 "$numbers"
bad_address vsock:2:1:1 "$numbers"
bad_address vsock:2:4294967296 "$numbers"
bad_address "/$long_name" 'at most 107 bytes'
bad_address "@$long_name" 'at most 107 bytes'

# What is there can never take a datagram.
for kind in stream folder file; do
	case $kind in
	folder) mkdir "$work/never" && why='it is a directory' ;;
	file) : >"$work/never" && why='it is no socket' ;;
	*)
		mkfifo "$work/stay"
		exec {stay}<>"$work/stay"
		input=$work/stay follow other 1 "$work/hand-over" stay "$work/never"
		await other '^listening$'
		why='it is a stream socket'
		;;
	esac
	bad_address "$work/never" "$why.*: name the datagram socket of a service manager"
	[[ $kind != stream ]] || exec {stay}>&-
	rm -rf "$work/never" "$work/stay"
done

sink_option=--notify-socket=$work/notify
refused vsock-too-long 'bytes long: .*at most 107' "$sink_option" "$vm/$long_name"
refused vsock-folder-missing 'cannot create .*none/vsock_1234.lock: No such file' \
	"$sink_option" "$vm/none/vsock"
refused plugin-missing 'plugin nonesuch not found: .*lists those' \
	"$sink_option" --plugin=nonesuch vsock
VSOCK_NOTIFY_PLUGIN_PATH=: refused plugin-path-empty 'plugin notify not found' "$sink_option" vsock
VSOCK_NOTIFY_PLUGIN_PATH=: refused dump-plugin-path-empty 'plugin notify not found' \
	--dump-plugin=notify
refused plugin-twice 'plugin notify .*(twice|already)' \
	"$sink_option" --plugin=notify --plugin=notify vsock
for unit in '' multi-user .target target. a/b.target 'a b.target' "$long_name$long_name$long_name.x"; do
	refused "ready-unit-${unit:0:16}" "plugin notify: ready-unit=.*: the value is not" \
		"$sink_option" --ready-unit="$unit" vsock
done
refused notify-key 'plugin notify has no key "frob"' "$sink_option" --plugin=notify,frob=1 vsock
refused notify-no-pair 'key=value' "$sink_option" --plugin=notify,ready-unit vsock
if (($(id -u) != 0)); then
	refused socket-group-foreign 'cannot set the group of' "$sink_option" --socket-group=0 --socket-mode=0660 vsock
fi
verdict refusals-leave-nothing "$(only_files '')"

# --- the log

run "$shim" serve "$vm/none/vsock"
verdict log-level-info "$(grep -q 'notifications are logged only' <<<"$err" || echo "no info line")"
run "$shim" serve --log-level=error "$vm/none/vsock"
verdict log-level-error "$(one_line 'cannot create' "$err")"
stream=$(stat -c '%d:%i' "$work/run.err")
JOURNAL_STREAM=$stream refuses log-for-journal 2 '^<3>frobnicate is not a command' "$shim" frobnicate
JOURNAL_STREAM=1:1 refuses log-not-for-journal 2 '^vsock-notify: frobnicate is' "$shim" frobnicate

# --- the socket file

# mode_of FILE
mode_of() {
	stat -c %a "$1"
}

start_sink
for mode in 600 660 666; do
	umask 0027
	start_shim --socket-mode="0$mode" vsock
	verdict "socket-mode-$mode" "$(same mode "$mode" "$(mode_of vsock_1234)")"
	stop shim
done
umask 0022
start_shim vsock
verdict socket-mode-default "$(same mode 600 "$(mode_of vsock_1234)")"
stop shim
start_shim --socket-group="$(id -g)" --socket-mode=0660 vsock
verdict socket-group "$(same "group and mode" "$(id -g) 660" "$(stat -c '%g %a' vsock_1234)")"
stop shim

for signal in TERM INT; do
	start_shim --port=77 "$vm/vsock"
	present=$(only_files 'vsock_77 vsock_77.lock vsock_77.state')
	stop shim "$signal"
	verdict "sig${signal,,}-ends-in-order" \
		"$present$(same "exit status" 0 "$status"; only_files '')"
done

# inode FILE
inode() {
	stat -c %i "$1"
}

start_shim vsock
before=$(inode "$socket")
refused second-instance 'vsock_1234 is in use: another vsock-notify holds' "$sink_option" vsock
verdict second-instance-takes-nothing "$(
	same inode "$before" "$(inode "$socket")"
	only_files 'vsock_1234 vsock_1234.lock vsock_1234.state'
	"$client" "$socket" STATUS=first 2>&1
	await sink $'\tSTATUS=first$' || echo "the first one does not serve any more"
)"
{ stop shim KILL; } 2>/dev/null # bash would tell
verdict killed-leaves-files "$(only_files 'vsock_1234 vsock_1234.lock vsock_1234.state')"
start_shim vsock
verdict killed-is-replaced "$(
	grep -q 'vsock_1234 was left over, replaced$' "$work/shim.log" || echo "does not say so"
	"$client" "$socket" STATUS=second 2>&1
	await sink $'\tSTATUS=second$' || echo "does not serve"
)"
stop shim

"$work/hand-over" leave "$socket"
start_shim vsock
stop shim
verdict foreign-leftover-is-replaced "$(same "exit status" 0 "$status"; only_files '')"

start_shim --ready-unit=default.target vsock
stop shim
verdict ready-unit-that-is-an-alias \
	"$(grep -q 'ready-unit=default.target: in most guests it is an alias' "$work/shim.log" || echo "it does not say so")"

# Bash's children in the background ignore SIGINT and SIGQUIT from the start.
default=(env --default-signal=HUP --default-signal=QUIT)
for signal in HUP QUIT INT TERM; do
	follow shim 2 "${default[@]}" "$shim" serve "$sink_option" vsock
	await shim 'listening at'
	stop shim "$signal"
	verdict "$signal-stops-in-order" "$(same "exit status" 0 "$status"; only_files '')"
done
follow shim 2 nohup "$shim" serve "$sink_option" vsock
await shim 'listening at'
kill -HUP "$shim_pid"
kill -TERM "$shim_pid"
end shim
verdict nohup-is-respected "$(
	same "exit status" 0 "$status"
	same "what ended it" "Terminated: stopping" "$(grep -o '[A-Z][a-z]*: stopping' "$work/shim.log")"
	only_files ''
)"

mkfifo "$work/stay"
exec {stay}<>"$work/stay"
input=$work/stay follow other 1 "$work/hand-over" stay "$socket"
await other '^listening$'
before=$(inode "$socket")
refused live-socket-of-another 'vsock_1234 is in use: another program listens there' \
	"$sink_option" vsock
verdict live-socket-of-another-stays \
	"$(same inode "$before" "$(inode "$socket")"; only_files vsock_1234)"
stop other
exec {stay}>&-
rm "$socket"

# left_alone NAME: what is at the socket's path is no socket.
left_alone() {
	before=$(stat -c '%i %F %s' "$socket")
	refused "$1" 'is there and is no socket: it is left alone' "$sink_option" vsock
	verdict "$1-left-alone" \
		"$(same file "$before" "$(stat -c '%i %F %s' "$socket")"; only_files "$2")"
	rm -r "$socket"
}
echo precious >"$socket"
left_alone plain-file vsock_1234
mkdir "$socket"
left_alone directory vsock_1234
"$work/hand-over" leave "$vm/elsewhere"
ln -s elsewhere "$socket"
left_alone symlink 'elsewhere vsock_1234'
rm elsewhere
ln -s precious "$socket.lock"
refused lock-symlink 'vsock_1234.lock: ' "$sink_option" vsock
verdict lock-symlink-not-followed "$(only_files vsock_1234.lock)"
rm "$socket.lock"

start_shim vsock
rm "$socket"
"$work/hand-over" leave "$socket"
stop shim
verdict foreign-socket-is-not-removed "$(only_files vsock_1234)"
rm "$socket"

# --- the end: what is under way is delivered first

mkfifo "$work/rest" "$work/control"
exec {rest}<>"$work/rest" {control}<>"$work/control"

start_shim --framing=eof vsock
input=$work/rest follow guest 1 "$client" "$socket" 'STATUS=under ' more
await guest '^sent$'
kill -TERM "$shim_pid"
await shim 'Terminated: stopping'
echo way >&"$rest"
end guest
guest_status=$status
end shim
verdict stop-delivers-half-arrived "$(
	same "exit status" 0 "$status"
	same "the guest's exit status" 0 "$guest_status"
	await sink $'\tSTATUS=under way$' || echo "not delivered"
	only_files ''
)"
stop sink

# tell COMMAND: to the sink, which answers.
tell() {
	echo "$1" >&"$control"
	await sink "^# $1\$"
}

input=$work/control start_sink --control
tell 'gone'

# queue_messages COUNT: held by the shim, as nobody takes them.
queue_messages() {
	local i
	for ((i = 1; i <= $1; i++)); do
		"$client" "$socket" "STATUS=queued $i" 2>/dev/null &
		await shim "guest $i: "
	done
}

start_shim --log-level=debug vsock
queue_messages 5
kill -TERM "$shim_pid"
await shim 'Terminated: stopping'
tell back
end shim
await sink BARRIER=1
verdict stop-delivers-queued "$(
	same "exit status" 0 "$status"
	same "what was delivered" \
		"$(printf 'STATUS=queued %d\n' 1 2 3 4 5)"$'\nBARRIER=1' "$(datagrams)"
	only_files ''
)"

tell gone
start_shim --log-level=debug vsock
queue_messages 1
kill -TERM "$shim_pid"
await shim 'Terminated: stopping'
kill -TERM "$shim_pid"
end shim
verdict second-signal-ends-at-once "$(
	! grep -q 'left behind' "$work/shim.log" || echo "waited for the service manager"
	only_files ''
)"

start_shim --log-level=debug vsock
queue_messages 1
stop shim
verdict stop-is-bounded "$(
	((status < 128)) || echo "exit status $status: killed"
	grep -q 'left behind: the service manager did not take them in 5 s' "$work/shim.log" ||
		echo "does not say what was left behind"
	only_files ''
)"
stop sink
start_sink

# --- socket activation

hand_over=$work/hand-over

# activated NAME COMMAND...: it serves the socket that it was passed, and leaves the file alone.
activated() {
	local name=$1
	shift
	follow shim 2 "$@" "$shim" serve "$sink_option"
	await shim "${awaited:-listening at the passed socket}"
	verdict "$name" "$(
		"$client" "$vm/passed" "STATUS=$name" 2>&1
		await sink $'\tSTATUS='"$name\$" || echo "not delivered"
	)"
	stop shim
	verdict "$name-leaves-the-file" "$(same "exit status" 0 "$status"; only_files passed)"
	rm -f passed
}

activated activation "$hand_over" stream "$vm/passed"
if command -v systemd-socket-activate >/dev/null; then
	awaited='^Listening on ' \
		activated activation-by-systemd systemd-socket-activate --listen="$vm/passed"
fi

# With VSOCK too: the same socket is served, another one is an error.
follow shim 2 "$hand_over" stream "$vm/vsock_1234" "$shim" serve "$sink_option" ./vsock
await shim 'listening at the passed socket'
stop shim
verdict activation-at-the-same-socket "$(same "exit status" 0 "$status"; only_files vsock_1234)"
rm -f vsock_1234
refuses activation-at-another-socket 1 'the socket in \$LISTEN_FDS is at .*/passed, and VSOCK says vsock_1234: leave VSOCK out' \
	"$hand_over" stream "$vm/passed" "$shim" serve "$sink_option" vsock
rm -f passed

for option in --port=5 --socket-mode=0660 '--socket-mode=0660 --socket-group=0'; do
	read -ra words <<<"$option"
	last=${words[-1]}
	refuses "activation-with-$last" 1 "${last%=*} has no effect on the socket that .*socket unit" \
		"$hand_over" stream "$vm/passed" "$shim" serve "$sink_option" "${words[@]}"
	rm -f passed
done

not_activated() {
	refuses "activation-$1" 1 "^vsock-notify: .*$2" \
		"$hand_over" "$1" "$vm/passed" "$shim" serve "$sink_option"
	rm -f passed
}
not_activated two 'passes 2 sockets: exactly one'
not_activated unbound 'not a listening unix stream socket'
not_activated dgram 'not a listening unix stream socket'
not_activated inet 'not a listening unix stream socket'
not_activated other 'no VSOCK given'

follow shim 2 "$hand_over" other "$vm/passed" "$shim" serve "$sink_option" vsock
await shim 'listening at vsock_1234'
stop shim
verdict activation-of-another-process "$(same "exit status" 0 "$status"; only_files passed)"
rm passed

verdict nothing-left-behind "$(only_files '')"
summary
