#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The state file, from outside: where it is, who may read it, what is in it as a guest lives, that it is there whole for
# whoever looks, what becomes of it at the end, and that nothing of it is in a notification's way.
#	tests/cli/test-state.sh
# BUILD names another build folder, CC another compiler.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

require_built vsock-notify vsock-notify-run plugins/notify.so tests/notify-sink
build_client || exit 1
bin=$work/bin
mkdir "$bin"
"$cc" -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror "${cflags[@]}" -o "$bin/hand-over" \
	"$top/tests/cli/hand-over.c" || exit 1
cp "$top/tests/cli/run-vmm.sh" "$bin/cloud-hypervisor"
unset NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES JOURNAL_STREAM VSOCK_NOTIFY_PLUGIN_PATH RUNTIME_DIRECTORY VMM
export LC_ALL=C PATH=$bin:$PATH CLIENT=$client

# The VM's folder: what is in it, and nothing, is part of what is tested.
vm=$work/vm
mkdir "$vm"
cd "$vm" || exit 1
file=$vm/vsock_1234.state

only_files() {
	same "the folder's content" "$1" "$(find . -mindepth 1 -printf '%P\n' | sort | paste -sd' ')"
}

# says TEXT: the guest's message, until it was let go.
says() {
	"$client" "$vm/vsock_1234" "$1" || echo "the client failed: $1"
}

# get KEY [FILE]: the values of a key.
get() {
	sed -n "s/^$1=//p" "${2:-$file}"
}

# until_state PATTERN [FILE]: the file, whole, once a line of it has PATTERN; looks again only when it was replaced. It
# prints nothing, or what was there instead.
until_state() {
	local where=${2:-$file} text deadline=$((SECONDS + patience))
	while text=$(<"$where") && ! grep -Eq -- "$1" <<<"$text"; do
		((SECONDS < deadline)) || { echo "no /$1/ in $(paste -sd' ' <<<"$text")"; return; }
		read -rt 0.01 <><(:)
	done
	[[ $text == VSOCK_NOTIFY_STATE=1$'\n'*$'\n'END=1 ]] || echo "it is not whole"
}

start_sink

# --- a life

start_shim "$vm/vsock"
verdict there-when-it-listens "$(
	same "life" waiting "$(get STATE)"
	same "mode" 600 "$(stat -c %a "$file")"
	same "name" vm "$(get NAME)"
	same "socket" "$vm/vsock" "$(get VSOCK)"
	same "port" 1234 "$(get PORT)"
	same "process" "$shim_pid" "$(get PID)"
	same "its start" "$(sed 's/.*) //' "/proc/$shim_pid/stat" | cut -d' ' -f20)" "$(get PID_START)"
	same "its namespace" "$(stat -Lc %i "/proc/$shim_pid/ns/pid")" "$(get PID_NAMESPACE)"
	only_files 'vsock_1234 vsock_1234.lock vsock_1234.state'
)"
verdict booting "$(says X_SYSTEMD_HOSTNAME=guestvm; until_state '^STATE=booting$'; until_state '^FIELD=[0-9]+ 0 X_SYSTEMD_HOSTNAME=guestvm$')"
verdict refused "$(says MAINPID=1; says MAINPID=2; until_state '^REFUSED=[0-9]+ 2 MAINPID$')"
verdict ready "$(
	says X_SYSTEMD_UNIT_ACTIVE=basic.target
	says $'READY=1\nSTATUS=up \e[2J'
	until_state '^STATE=ready$'
	until_state '^UNIT=[0-9]+ 1 basic.target$'
	until_state '^STATUS=up \?\[2J$'
	until_state '^CONNECTIONS=5$'
	until_state '^DELIVERED=1$'
	same "lives" 1 "$(get BOOTS)"
	same "held" 5 "$(get HELD | wc -l)"
)"
# Within a millisecond of its clock's: what monotonic times are seen from.
verdict times-are-the-clocks "$(
	read -r up _ </proc/uptime
	ago=$((10#${up/./}0000 - $(get READY_USEC)))
	((ago > -20000 && ago < patience * 6000000)) || echo "READY_USEC is $ago us ago"
	off=$(($(date +%s%6N) - 10#${up/./}0000 - $(get REALTIME_USEC)))
	((off > -2000000 && off < 2000000)) || echo "REALTIME_USEC is $off us off"
)"
# A second later at most: nobody waits for them.
verdict counters-are-written-too "$(for _ in 1 2 3 4 5; do says $'READY=1\nSTATUS=up \e[2J'; done; until_state '^CONNECTIONS=10$')"
verdict stopped "$(
	says X_SYSTEMD_UNIT_ACTIVE=shutdown.target
	until_state '^STATE=stopping$'
	says $'EXIT_STATUS=42\nX_SYSTEMD_SHUTDOWN=poweroff'
	until_state '^STATE=stopped$'
	same "exit status" 42 "$(get EXIT_STATUS)"
	same "the way" poweroff "$(get SHUTDOWN)"
	says X_SYSTEMD_HOSTNAME=again
	until_state '^BOOTS=2$'
	same "exit status" "" "$(get EXIT_STATUS)"
)"
stop shim
verdict removed-at-the-end "$(same "exit status" 0 "$status"; only_files '')"

# --- a reader sees none but whole ones, however often it is replaced

start_shim "$vm/vsock"
whole_files() {
	local text i
	for ((i = 0; i < 300; i++)); do
		text=$(<"$file") || echo "it was not there"
		[[ $text == VSOCK_NOTIFY_STATE=1$'\n'*$'\n'END=1 ]] || echo "not whole: ${text:0:60}"
	done | sort -u
}
verdict readers-see-whole-files "$(
	(for ((i = 0; i < 400; i++)); do says "X_TURN=$i"; done) &
	whole_files
	wait $!
	until_state ' X_TURN=399$'
)"
# Killed, it leaves its file; the next one replaces it.
kill -KILL "$shim_pid"
end shim 2>/dev/null
verdict killed-leaves-it "$(same "life" booting "$(get STATE)")"
: >"$vm/.vsock_1234.state.new"
start_shim "$vm/vsock"
verdict and-the-next-replaces-it "$(same "life" waiting "$(get STATE)"; same "process" "$shim_pid" "$(get PID)")"
stop shim
verdict leaves-nothing "$(only_files '')"

# --- options

mkdir "$work/elsewhere"
options() {
	local name=$1 where=$2 pattern=$3
	shift 3
	start_shim "$@" "$vm/vsock"
	verdict "$name" "$(until_state "$pattern" "$where")"
	stop shim
	verdict "$name-removed" "$(same "exit status" 0 "$status"; only_files ''; same "elsewhere" "" "$(ls -A "$work/elsewhere")")"
}
options state-path "$work/elsewhere/x" '^NAME=vm$' --state="$work/elsewhere/x"
options state-relative-path "$work/elsewhere/y.state" '^STATE=waiting$' --state=../elsewhere/y.state
options name "$file" '^NAME=db 1\\x5c$' --name='db 1\'
start_shim --state=no "$vm/vsock"
verdict state-no "$(says READY=1; only_files 'vsock_1234 vsock_1234.lock')"
stop shim
modes=(0660 640 0666 644 0600 600 0640 640)
for ((i = 0; i < ${#modes[@]}; i += 2)); do
	start_shim --socket-mode="${modes[i]}" "$vm/vsock"
	verdict "socket-mode-${modes[i]}" "$(same "mode" "${modes[i + 1]}" "$(stat -c %a "$file")")"
	stop shim
done
# A group that this user may give a file to.
group=$(id -Gn | tr ' ' '\n' | grep -vx "$(id -gn)" | head -n 1)
((EUID != 0)) || group=nogroup
if [[ -z $group ]]; then
	echo "skip socket-group: this user is in one group only (optional)"
else
	start_shim --socket-mode=0660 --socket-group="$group" "$vm/vsock"
	verdict socket-group "$(same "group and mode" "$group 640" "$(stat -c '%G %a' "$file")"; says X_A=1; until_state ' X_A=1$'; same "group and mode, replaced" "$group 640" "$(stat -c '%G %a' "$file")")"
	stop shim
fi
start_shim --keep-state "$vm/vsock"
says READY=1
stop shim
verdict keep-state "$(
	only_files vsock_1234.state
	same "life" stopped "$(get STATE)"
	same "exit status" "" "$(get EXIT_STATUS)"
	until_state '^CONNECTIONS=1$'
)"
rm -f "$file"

wrong() {
	refuses "$1" 2 "$2" "$shim" serve "${@:3}" "$vm/vsock"
}
wrong empty-state '\-\-state=.*a path, or no' --state=
wrong empty-name '\-\-name=.*1 to 255 bytes' --name=
wrong long-name '\-\-name=.*1 to 255 bytes' --name="$(printf '%0256d' 0)"

# --- what is in the way, and what cannot be written

foreign() {
	refuses "foreign-$1" 1 "vsock_1234.state is there and is no state file: .*--state" \
		"$shim" serve --log-level=error --notify-socket="$work/notify" "$vm/vsock"
	verdict "foreign-$1-is-left-alone" "$(only_files vsock_1234.state; same "it" "$2" "$(stat -c '%F %s' "$file")")"
	rm -rf "$file"
}
echo precious >"$file"
foreign file 'regular file 9'
mkfifo "$file"
foreign pipe 'fifo 0'
mkdir "$file"
foreign folder "$(stat -c '%F %s' "$file")"
ln -s "$work/nothing" "$file"
foreign link "$(stat -c '%F %s' "$file")"

start_shim --state="$work/none/x" "$vm/vsock"
verdict no-folder-is-a-warning "$(
	says STATUS=heard
	says STATUS=again
	await sink STATUS=heard || echo "it was not delivered"
	await sink STATUS=again || echo "it was not delivered"
)"
stop shim
verdict no-folder-is-warned-of-once "$(same "exit status" 0 "$status"; same "warnings" 1 "$(grep -c "no state file $work/none/x: No such file" "$work/shim.log")")"
# From another folder's view nothing is writable: the shim goes on, whatever it is told.
mkdir "$work/locked"
chmod 0555 "$work/locked"
if ((EUID == 0)); then
	full=/sys/kernel/x.state # no file can be made there by root either
else
	full=$work/locked/x.state
fi
start_shim --state="$full" "$vm/vsock"
verdict not-writable-is-a-warning "$(says STATUS=locked; await sink STATUS=locked || echo "it was not delivered")"
stop shim
verdict not-writable-is-warned-of-once "$(same "exit status" 0 "$status"; same "warnings" 1 "$(grep -c "cannot write the state file $full" "$work/shim.log")")"

# A file system that is full for a while: what could not be written is, once there is room, though nothing happens then.
mkdir -p "$vm/.x.state.new"
start_shim --state="$vm/x.state" "$vm/vsock"
verdict not-writable-for-a-while "$(
	says READY=1
	await sink READY=1 || echo "it was not delivered"
	await shim 'cannot write the state file'
	rmdir "$vm/.x.state.new"
	for ((i = 0; i < patience * 100; i++)); do [[ ! -e $vm/x.state ]] || break; read -rt 0.01 <><(:); done
	until_state '^STATE=ready$' "$vm/x.state"
	await shim 'is written again'
)"
stop shim

# --- lost messages

# written: bytes that the shim has written so far, to its file most of all; nothing if this kernel or user is not told.
written() {
	sed -n 's/^wchar: //p' "/proc/$shim_pid/io" 2>/dev/null
}
# A program in the guest connects and changes its mind, as often as it can: one line, and no more writes than there are seconds.
start_shim --log-level=info "$vm/vsock"
before=$(written)
began=$SECONDS
verdict a-storm-of-lost-messages "$(
	"$client" "$vm/vsock_1234" 10000 lost </dev/null || echo "the client failed"
	until_state '^LOST_MESSAGES=10000$'
	same "of this life" 10000 "$(get LIFE_LOST_MESSAGES)"
	same "times" 16 "$(get LOST | wc -l)"
	same "connections" 0 "$(get CONNECTIONS)"
)"
after=$(written)
if [[ -z $before || -z $after ]]; then
	echo "skip a-storm-makes-few-writes: /proc/PID/io cannot be read (optional)"
else
	most=$(((SECONDS - began + 3) * $(stat -c %s "$file")))
	verdict a-storm-makes-few-writes "$( ((after - before <= most)) || echo "$((after - before)) bytes, more than $most")"
fi
stop shim
verdict a-storm-is-two-lines "$(
	same "lines" 'a message of the guest is lost|lost in all: 10000 messages' \
		"$(grep -oE 'a message of the guest is lost|lost in all: [0-9]* messages' "$work/shim.log" | paste -sd'|')"
	same "all lines" 1 "$(($(grep -c '' "$work/shim.log") < 20))"
)"
# --- another start while the VM goes on

# each VM: a VMM's process, which connects for its guest as often as it is told.
vmm_begins() {
	coproc VMM_PROCESS { exec "$client" "$vm/vsock_1234" - each; }
	vmm_pid=$VMM_PROCESS_PID
	exec {vmm_in}>&"${VMM_PROCESS[1]}" {vmm_out}<&"${VMM_PROCESS[0]}"
}
vmm_says() {
	local answer
	echo "$1" >&"$vmm_in"
	read -ru "$vmm_out" answer && [[ $answer == sent ]] || echo "the VMM's guest was not let go"
}
vmm_ends() {
	exec {vmm_in}>&- {vmm_out}<&-
	kill -KILL "$vmm_pid" 2>/dev/null
	wait "$vmm_pid" 2>/dev/null
}
memory=$(mktemp -d -p /dev/shm)
trap 'rm -rf "$memory"' EXIT
kept=$memory/x.state
vmm_begins
start_shim --keep-state --state="$kept" "$vm/vsock"
verdict before-the-restart "$(
	vmm_says X_SYSTEMD_UNIT_ACTIVE=basic.target
	vmm_says READY=1
	until_state '^STATE=ready$' "$kept"
	until_state "^PROCESS=$vmm_pid\$" "$kept"
)"
stop shim
verdict kept-with-what-it-was "$(same "life" stopped "$(get STATE "$kept")"; same "before" ready "$(get LAST_STATE "$kept")")"
since=$(get LAST_SINCE_USEC "$kept")
start_shim --keep-state --state="$kept" "$vm/vsock"
verdict a-vm-that-went-on-is-taken-up "$(
	await sink 'READY=1.*VM went on while vsock-notify was restarted' || echo "READY=1 was not told again"
	same "life" ready "$(get STATE "$kept")"
	same "since" "$since" "$(get SINCE_USEC "$kept")"
	until_state '^UNIT=[0-9]+ 1 basic.target$' "$kept"
	grep -q 'its state is taken up' "$work/shim.log" || echo "it is not logged"
	vmm_says STATUS=on
	vmm_says STATUS=still
	until_state '^STATUS=still$' "$kept"
	# What another process tries beside the VMM is no message of the guest's.
	"$client" "$vm/vsock_1234" 3 lost </dev/null || echo "the client failed"
	vmm_says STATUS=again
	until_state '^STATUS=again$' "$kept"
	same "lost messages" 0 "$(get LOST_MESSAGES "$kept")"
	same "life" ready "$(get STATE "$kept")"
	same "lives" 1 "$(get BOOTS "$kept")"
)"
# Another VM, whose guest lands in emergency mode: it is not ready, though the one before was, and says so.
vmm_ends
vmm_begins
verdict another-vm-is-another-guest "$(
	vmm_says X_SYSTEMD_HOSTNAME=b
	until_state '^STATE=booting$' "$kept"
	vmm_says READY=1
	vmm_says X_SYSTEMD_UNIT_ACTIVE=emergency.target
	until_state '^STATE=emergency$' "$kept"
	same "lives" 2 "$(get BOOTS "$kept")"
	same "its units" 1 "$(get UNIT "$kept" | wc -l)"
	await sink "Another VM has taken this one's place" || echo "the service manager was not told"
)"
vmm_ends
stop shim
start_shim --keep-state --state="$kept" "$vm/vsock"
verdict a-vm-that-has-ended-is-not-taken-up "$(same "life" waiting "$(get STATE "$kept")"; same "told once" 1 "$(grep -c 'VM went on' "$work/sink.log")")"
stop shim
rm -rf "$memory"

# --- a socket that somebody else bound

passed() {
	follow shim 2 "$bin/hand-over" stream "$1" "$shim" serve --notify-socket="$work/notify" "${@:2}"
	await shim 'listening at'
}
passed "$vm/vsock_77"
verdict passed-socket "$(
	until_state '^PORT=77$' "$vm/vsock_77.state"
	same "socket" "$vm/vsock" "$(get VSOCK vsock_77.state)"
	"$client" "$vm/vsock_77" READY=1
	until_state '^STATE=ready$' "$vm/vsock_77.state"
)"
stop shim
verdict passed-socket-state-removed "$(only_files vsock_77)"
rm -f vsock_77
mkdir my_vm
passed "$vm/my_vm/notify"
verdict passed-socket-without-a-port "$(
	same "socket" "$vm/my_vm/notify" "$(get VSOCK my_vm/notify.state)"
	same "name" notify "$(get NAME my_vm/notify.state)"
)"
stop shim
rm -r my_vm
passed vsock_78 # relative: what was bound is not where the process may be later
verdict passed-relative-socket "$(same "socket" "$vm/vsock" "$(get VSOCK vsock_78.state)")"
stop shim
rm -f vsock_78

# --- the launch wrapper

export SOCKET=$vm/vsock_1234
last() {
	same "life" stopped "$(get STATE)"
	same "exit status" "$1" "$(get EXIT_STATUS)"
	same "lives" "$2" "$(get BOOTS)"
	rm -f "$file"
	only_files ''
}
run_vmm() {
	VMM=$1 timeout "$patience" "$shim" run --log-level=error --keep-state --notify-socket="$work/notify" -- \
		cloud-hypervisor --vsock cid=3,socket="$vm/vsock" >"$work/run.out" 2>&1
}
run_vmm 'say READY=1; until grep -qx "VMM_PID=$$" vsock_1234.state; do :; done; exit 7'
verdict run-status-of-the-vmm "$(same "exit status" 7 $?; last 7 1)"
run_vmm $'say X_SYSTEMD_HOSTNAME=a; say $\'EXIT_STATUS=42\\nX_SYSTEMD_SHUTDOWN=poweroff\'; until grep -qx STATE=stopping vsock_1234.state; do :; done; exit 0'
verdict run-status-of-the-guest "$(same "exit status" 42 $?; last 42 1)"
run_vmm 'say X_A=1; kill -KILL $$'
verdict run-status-of-a-signal "$(same "exit status" 137 $?; last 137 1)"
run_vmm $'say X_A=1; say $\'EXIT_STATUS=0\\nX_SYSTEMD_SHUTDOWN=reboot\'; event vm rebooting; event vm rebooted; until grep -qx BOOTS=2 vsock_1234.state; do :; done; say X_A=2; exit 0'
verdict run-reboot-is-another-life "$(same "exit status" 0 $?; last 0 2)"
run_vmm 'event vm paused; until grep -qx PAUSED=1 vsock_1234.state; do :; done; event vm resumed; while grep -qx PAUSED=1 vsock_1234.state; do :; done; exit 3'
verdict run-pause "$(same "exit status" 3 $?; last 3 0)"
# The process that connects lives on, or it could not be told from a stranger.
run_vmm '"$CLIENT" "$SOCKET" 2 lost < <(until grep -qx LIFE_LOST_MESSAGES=2 vsock_1234.state; do :; done); exit 0'
verdict run-lost-messages "$(same "exit status" 0 $?; same "lost" 2 "$(get LOST_MESSAGES)"; last 0 0)"

stop sink
summary
