#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# "vsock-notify wait" with the real shim: what is reached, what cannot be any more, and that nobody polls.
#	tests/cli/test-wait.sh
# BUILD names another build folder, CC another compiler, WAITERS how many wait at once (100).

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

require_built vsock-notify vsock-notify-run vsock-notify-show plugins/notify.so tests/notify-sink
build_client || exit 1
mkdir "$work/bin" "$work/all" "$work/all/vm"
"$cc" -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror "${cflags[@]}" -o "$work/bin/pty" "$top/tests/cli/run-pty.c" || exit 1
cp "$top/tests/cli/run-vmm.sh" "$work/bin/cloud-hypervisor"
unset NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES JOURNAL_STREAM VSOCK_NOTIFY_PLUGIN_PATH RUNTIME_DIRECTORY XDG_RUNTIME_DIR
export LC_ALL=C.UTF-8 PATH=$work/bin:$PATH CLIENT=$client VSOCK_NOTIFY_RUNTIME_PATH=$work/all
cd "$work/all/vm" || exit 1
vsock=$work/all/vm/vsock
exec {never}<> <(:) # nobody writes to it: a pause

# until_so COMMAND...: until it succeeds, at most for so long as patience lasts.
until_so() {
	local end=$((SECONDS + patience)) _
	until "$@"; do
		((SECONDS < end)) || return 1
		read -r -t 0.01 -u "$never" _
	done
	return 0
}

# sleeps PID: it watches a folder, and sleeps.
sleeps() {
	grep -qs '^inotify wd' /proc/"$1"/fdinfo/* && grep -qs $'^State:\tS' "/proc/$1/status"
}

# start_waiter NAME ARGUMENT...: "wait", in the background, when it waits. Its standard output is $work/NAME.out.
start_waiter() {
	"$shim" wait "${@:2}" >"$work/$1.out" 2>"$work/$1.err" &
	printf -v "${1}_pid" %s $!
	pids+=($!)
	until_so sleeps $!
}

# ended CASE NAME STATUS [PATTERN [OUTPUT]]: the verdict: it ends with that status, says so in one line (nothing where there is no
# pattern), and has printed OUTPUT.
ended() {
	local pid=${2}_pid got
	pid=${!pid}
	until_so gone "$pid" || kill -KILL "$pid"
	wait "$pid"
	got=$?
	forget "$pid"
	verdict "$1" "$(
		same "exit status" "$3" "$got"
		same "standard output" "${5:-}" "$(<"$work/$2.out")"
		if [[ -n ${4:-} ]]; then
			one_line "$4" "$(<"$work/$2.err")"
		else
			same "standard error" "" "$(<"$work/$2.err")"
		fi
	)"
}

# gone PID: it has ended, whether or not it was waited for.
gone() {
	! grep -qs $'^State:\t[^Z]' "/proc/$1/status"
}

say() {
	"$client" "${vsock}_1234" "$1"
}

serve() {
	start_shim "$vsock"
}

last() {
	say $'EXIT_STATUS='"$1"$'\nX_SYSTEMD_SHUTDOWN=poweroff'
}

start_sink

# ---- reached

# From before the VM's folder is there, to its end.
rmdir "$work/all/vm"
cd "$work" || exit 1
start_waiter ready "$vsock"
start_waiter unit --for=unit:basic.target "$vsock"
start_waiter field --for=field:X_APP=a=b "$vsock"
start_waiter exit --for=exit "$vsock"
start_waiter name --for=ready vm
mkdir "$work/all/vm"
cd "$work/all/vm" || exit 1
serve
say X_SYSTEMD_HOSTNAME=web
verdict nothing-yet "$(for name in ready unit field exit name; do
	pid=${name}_pid
	! gone "${!pid}" || echo "$name has ended"
done)"
say X_SYSTEMD_UNIT_ACTIVE=basic.target
ended unit unit 0
say X_APP=a=b
ended field field 0
say READY=1
ended ready-before-the-folder-is ready 0
ended ready-by-name name 0
for what in ready unit:basic.target field:X_APP=a=b; do
	run "$shim" wait --for="$what" --timeout=0 "$vsock"
	verdict "already-${what%%[:=]*}" "$(same "exit status" 0 "$status"; same "what it says" "" "$out$err")"
done
run "$shim" wait --timeout=0 "${vsock}_1234"
verdict by-port "$(same "exit status" 0 "$status")"
run "$shim" wait --timeout=0 "${vsock}_1234.state"
verdict by-file "$(same "exit status" 0 "$status")"
run "$shim" wait --timeout=0 "$work/all/vm/"
verdict by-folder "$(same "exit status" 0 "$status")"
refuses timed-out 124 'vm: timed out waiting for exit; it is ready' "$shim" wait --for=exit --timeout=20ms "$vsock"
refuses timed-out-before-start 124 'timed out waiting for ready; it has not started' "$shim" wait --timeout=20ms "$work/all/none/vsock"
start_waiter never --for=unit:other.target "$vsock"
last 42
ended exit exit 0 '' 42
ended never never 3 'unit:other.target cannot be reached any more: the guest has stopped, exit status 42'
stop shim

# ---- the end, which nobody has to see: the file is removed as soon as it is written

count=${WAITERS:-100}
serve
many=()
for ((i = 0; i < count; i++)); do
	"$shim" wait --for=exit "$vsock" >"$work/many.$i" 2>&1 &
	many+=($!)
	pids+=($!)
done
many_ready=()
for ((i = 0; i < count / 10; i++)); do
	"$shim" wait "$vsock" >"$work/many-ready.$i" 2>&1 &
	many_ready+=($!)
	pids+=($!)
done
for pid in "${many[@]}" "${many_ready[@]}"; do
	until_so sleeps "$pid"
done
# Stopped, they see nothing until all is over, and the file is gone.
kill -STOP "${many[@]:0:count/2}"
say READY=1
for pid in "${many_ready[@]}"; do
	until_so gone "$pid"
done
last 42
stop shim
kill -CONT "${many[@]:0:count/2}"
verdict "$count-waiters" "$(
	for ((i = 0; i < count; i++)); do
		until_so gone "${many[i]}" || echo "waiter $i does not end"
	done
	for ((i = 0; i < count; i++)); do
		same "what waiter $i says" 42 "$(<"$work/many.$i")"
	done | head -n 3
	[[ ! -e ${vsock}_1234.state ]] || echo "the state file is still there"
)"
others=0
for pid in "${many[@]}" "${many_ready[@]}"; do
	wait "$pid" || ((others++))
	forget "$pid"
done
verdict "$count-waiters-exit-status" "$(same "how many had another exit status than 0" 0 "$others")"

# ---- killed

serve
say X_SYSTEMD_HOSTNAME=web
start_waiter killed "$vsock"
start_waiter killed_exit --for=exit "$vsock"
stop shim KILL
ended shim-killed killed 3 'ready cannot be reached any more: vsock-notify is gone .*the guest was booting'
ended shim-killed-exit killed_exit 3 'exit cannot be reached any more: vsock-notify is gone'
refuses shim-killed-before 3 'vsock-notify is gone' "$shim" wait --timeout=5 "$vsock"
run "$shim" status "$vsock"
verdict shim-killed-status "$(same "exit status" 0 "$status"; grep -q 'vsock-notify is gone' <<<"$out" || echo "status says: $out")"
rm -f "${vsock}"_1234*

# run_vm WORDS: the launch wrapper with a VMM that does WORDS.
run_vm() {
	SOCKET=${vsock}_1234 VMM=$1 follow runner 2 "$shim" run --notify-socket="$work/notify" -- cloud-hypervisor --kernel k --vsock "cid=3,socket=$vsock"
	await runner 'listening at'
}
run_vm 'say X_SYSTEMD_HOSTNAME=web; hang'
start_waiter run_killed "$vsock"
stop runner KILL
ended run-killed run_killed 3 'vsock-notify is gone'
rm -f "${vsock}"_1234*
run_vm 'say X_SYSTEMD_HOSTNAME=web; hang'
start_waiter vmm_killed "$vsock"
start_waiter vmm_killed_exit --for=exit "$vsock"
until_so grep -qs '^VMM_PID=' "${vsock}_1234.state"
vmm=$(sed -n 's/^VMM_PID=//p' "${vsock}_1234.state")
kill -KILL "$vmm"
end runner
ended vmm-killed vmm_killed 3 'the guest has stopped, exit status 137'
ended vmm-killed-exit vmm_killed_exit 0 '' 137
start_waiter short --for=exit "$vsock"
run_vm $'say "EXIT_STATUS=42\nX_SYSTEMD_SHUTDOWN=exit"'
end runner
ended run-exit-status short 0 '' 42

# ---- files that are none

serve
cp "${vsock}_1234.state" "$work/good"
stop shim
# file NAME STATUS PATTERN: with what is on standard input as the state file.
file() {
	cat >"${vsock}_1234.state"
	refuses "$1" "$2" "$3" "$shim" wait --timeout=5 "$vsock"
}
head -n 5 "$work/good" | file file-truncated 1 'vsock_1234.state is not whole'
head -c 25 "$work/good" | file file-cut 1 'vsock_1234.state is not whole'
file file-foreign 1 'is no state file' <<<'[Unit]'
file file-empty 1 'is no state file' </dev/null
sed 's/^VSOCK_NOTIFY_STATE=1/VSOCK_NOTIFY_STATE=2/' "$work/good" | file file-newer 1 'is of a newer vsock-notify'
sed 's/^STATE=.*/STATE=sleeping/' "$work/good" | file file-damaged 1 'is damaged in line [0-9]+'
head -c 300000 /dev/zero | file file-long 1 'is longer than any state file'
rm "${vsock}_1234.state"
mkfifo "${vsock}_1234.state"
refuses file-fifo 1 'is no regular file' "$shim" wait --timeout=5 "$vsock"
rm "${vsock}_1234.state"
touch "${vsock}_1.state" "${vsock}_2.state"
refuses several 1 'means several VMs: name one of .*vsock_1.state, .*vsock_2.state' "$shim" wait --timeout=5 "$vsock"
rm "${vsock}_1.state" "${vsock}_2.state"
# One that turns bad while it is waited for.
serve
start_waiter turns "$vsock"
echo foreign >"$work/all/foreign"
mv "$work/all/foreign" "${vsock}_1234.state"
ended file-turns-bad turns 1 'is no state file'
stop shim
rm -f "${vsock}"_1234*
# Removed by somebody while its writer goes on: it comes again.
serve
start_waiter removed "$vsock"
rm "${vsock}_1234.state"
say X_SYSTEMD_UNIT_ACTIVE=basic.target
say READY=1
ended file-removed-comes-again removed 0
stop shim

# ---- the command line

refuses no-operand 2 'name one VSOCK' "$shim" wait
refuses two-operands 2 'name one VSOCK' "$shim" wait a b
refuses option-after-operand 2 'name one VSOCK, after the options' "$shim" wait "$vsock" --for=exit
for what in unit:sshd.service unit:.target unit:multi-user; do
	refuses "for=$what" 2 "for=$what: a guest announces targets only: name one, such as unit:multi-user.target" "$shim" wait --for="$what" v
done
for what in '' up unit: unit field: field:A field:=b field:READY=1 field:X_SYSTEMD_UNIT_ACTIVE=b ready: exit:3; do
	refuses "for=$what" 2 "for=$what: it must be ready, exit, unit:NAME or field:X_NAME=VALUE, and for X_SYSTEMD_UNIT_ACTIVE= unit:NAME" "$shim" wait --for="$what" v
done
refuses timeout-word 2 'timeout=soon: it must be a time' "$shim" wait --timeout=soon v
run "$shim" wait --help
verdict help "$(same "exit status" 0 "$status"; grep -q '^Usage: vsock-notify wait ' <<<"$out" || echo "no usage")"

# ---- a terminal: the progress line is cleared, and no guest's control character comes through

serve
say $'X_SYSTEMD_HOSTNAME=web\nSTATUS=a\xe2\x80\xaeb'
input=$work/keys
mkfifo "$input"
exec {keys}<>"$input"
TERM=xterm follow terminal 1 pty "$shim" wait --timeout=5s "$vsock"
until_so grep -qs 'wait' /proc/"$terminal_pid"/cmdline
run bash -c 'exec 3<>"$1"; head -c 40 <&3' - "$work/terminal.pipe"
progress=$out
say X_SYSTEMD_UNIT_ACTIVE=basic.target
say READY=1
end terminal
exec {keys}>&-
input=
verdict terminal "$(
	all=$progress$(<"$work/terminal.log")
	grep -qF $'\r\e[Kvm: booting since' <<<"$all" || echo "no progress line: $(cat -v <<<"$all")"
	grep -qF 'a\xe2\x80\xaeb' <<<"$all" || echo "the status is not escaped: $(cat -v <<<"$all")"
	grep -qF $'\r\e[Kexit 0' <<<"$all" || echo "the line is not cleared: $(cat -v <<<"$all")"
)"
stop shim

# ---- nobody polls

# switches PID: how often it gave the processor up.
switches() {
	awk '/^(non)?voluntary_ctxt_switches/ { n += $2 } END { print n }' "/proc/$1/status"
}
serve
start_waiter idle --for=unit:never.target "$vsock"
before=$(switches "$idle_pid")
ticks=$(cut -d' ' -f14,15 "/proc/$idle_pid/stat")
read -r -t 1 -u "$never" _ # nothing is waited for: it is the time in which nothing is to happen
verdict idle-waiter-sleeps "$(
	same "its context switches" "$before" "$(switches "$idle_pid")"
	same "its processor time" "$ticks" "$(cut -d' ' -f14,15 "/proc/$idle_pid/stat")"
)"
before=$(switches "$idle_pid")
for ((i = 0; i < 5; i++)); do
	cat "${vsock}_1234.state" >"$work/read"
	(: >"$work/elsewhere.$i")
done
verdict readers-wake-nobody "$(same "its context switches" "$before" "$(switches "$idle_pid")")"
for ((i = 0; i < 20; i++)); do
	say X_COUNT="$i"
done
verdict events-wake-it "$(
	woken=$(($(switches "$idle_pid") - before))
	((woken > 0)) || echo "it was not woken"
	((woken <= 200)) || echo "it was woken $woken times by 20 events"
)"
kill "$idle_pid"
stop shim

summary
