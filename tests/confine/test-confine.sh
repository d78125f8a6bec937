#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Confinement: what the shim has given up before it reads a guest's first byte, what a plugin that tries to get
# out then meets, that nothing it does in normal use is denied, and that the VMM inherits none of it.
#	tests/confine/test-confine.sh
# BUILD names another build folder, CC another compiler.

# shellcheck disable=SC2089,SC2090 # $VMM is a script of its own
# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

require_built vsock-notify vsock-notify-run vsock-notify-filter plugins/notify.so tests/notify-sink
build_client || exit 1
unset NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES JOURNAL_STREAM VSOCK_NOTIFY_PLUGIN_PATH
export LC_ALL=C

plugins=$build/tests/confine
rm -rf "$plugins"
mkdir -p "$plugins"
build_plugin() {
	"$cc" -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror "${cflags[@]}" -shared -fPIC -fvisibility=hidden \
		-I "$top/vsock-notify/include" -o "$plugins/$1.so" "$top/tests/confine/digger.c" -DNAME="$1" "${@:2}"
}
build_plugin digger && build_plugin needy -DNEEDS || exit 1
cp "$build/plugins/notify.so" "$plugins/"
export VSOCK_NOTIFY_PLUGIN_PATH=$plugins

vm=$work/vm
other=$work/other
mkdir "$vm" "$other"
echo precious >"$other/file"
cd "$vm" || exit 1

# of PID FIELD: of /proc/PID/status.
of() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

# dig WORD...: what came of each attempt, as the shim's log has it.
dig() {
	local word outcome=
	"$client" "$vm/vsock_1234" "$(printf '%s\n' "$@")" >/dev/null
	for word; do
		await shim ": $word: " || break
		outcome+="${line##*: }"$'\n'
	done
	printf '%s' "$outcome"
}

# denied NAME ERRORS WORD...: each ends in one of ERRORS (a regex).
denied() {
	local name=$1 errors=$2
	shift 2
	verdict "$name" "$(
		outcomes=$(dig "$@")
		paste <(printf '%s\n' "$@") - <<<"$outcomes" | grep -Ev "	($errors)\$"
	)"
}

# --- what is given up

start_sink
start_shim --plugin=notify --plugin=digger,victim="$other/file" "$vm/vsock"
"$client" "$vm/vsock_1234" STATUS=there
await sink STATUS=there

if [[ $(of "$shim_pid" NoNewPrivs) != 1 ]]; then
	# A sanitizer's build: it is not confined by default, and says so nowhere.
	echo "skip confinement: this build has none (a sanitizer) (optional)"
	summary
	exit
fi

status_of_process() {
	same "no_new_privs" 1 "$(of "$shim_pid" NoNewPrivs)"
	same "seccomp mode" 2 "$(of "$shim_pid" Seccomp)"
	for set in CapInh CapPrm CapEff CapAmb; do
		same "$set" 0000000000000000 "$(of "$shim_pid" "$set")"
	done
	grep -Eq '^Max core file size +0 +0 ' "/proc/$shim_pid/limits" || echo "core files are not limited"
	same "open files" 256 "$(sed -nE 's/^Max open files +([0-9]+) +.*/\1/p' "/proc/$shim_pid/limits")"
}
verdict process-status "$(status_of_process)"

# A soft limit that is too low for the connections is raised; a hard one is not.
for limit in S ''; do
	# shellcheck disable=SC2016
	follow few 2 bash -c 'ulimit "-$1n" 40; exec "${@:2}"' - "$limit" "$shim" serve --notify-socket="$work/notify" "$vm/few"
	await few 'listening at'
	"$client" "$vm/few_1234" STATUS=few
	verdict "descriptors-${limit:-H}" "$(
		same "open files" "$([[ $limit == S ]] && echo 256 || echo 40)" \
			"$(sed -nE 's/^Max open files +([0-9]+) +.*/\1/p' "/proc/$few_pid/limits")"
	)"
	stop few
done

# --- what is denied

denied no-files 'EPERM|EACCES' open openat2 create
denied no-sockets EPERM unix inet netlink connect
denied no-processes EPERM execute fork kill tgkill ptrace
denied no-code EPERM execmem mprotect
denied no-rights EPERM chmod rename limits setuid bpf io-uring
landlock=1
if grep -q 'confinement, landlock: .*does not support it' "$work/shim.log"; then
	landlock=
fi
if [[ -z $landlock ]]; then
	echo "skip only-own-folder: no landlock here (optional)"
else
	denied only-own-folder EACCES unlink
fi

# --- the state's folder: a file is made and put in place, and no more. Its name and mode are not the filter's to see.

echo precious >"$vm/file"
verdict state-is-replaced "$(same "outcome" $'ok\nok' "$(dig state-make state-replace)"; same "what the digger put there" "" "$(cat vsock_1234.state)")"
denied state-nothing-else EPERM state-open state-by-path state-rename state-link state-symlink state-mkdir
if [[ -z $landlock ]]; then
	echo "skip state-only-there: no landlock here (optional)"
else
	denied state-only-there 'EACCES|EXDEV' state-elsewhere state-anywhere state-move-out state-move-in
fi
verdict state-file-untouched "$(same "the file beside it" precious "$(cat "$vm/file")"; rm "$vm/file")"
verdict nothing-was-done "$(
	same "other files" file "$(ls -A "$other")"
	same "the file" precious "$(cat "$other/file")"
	[[ ! -e /tmp/vsock-notify-digger ]] || echo "a file was made"
)"
verdict and-it-goes-on "$("$client" "$vm/vsock_1234" STATUS=still 2>&1; await sink STATUS=still || echo "no datagram")"
stop shim
verdict removes-its-own-files "$(same "what is left" "" "$(ls -A "$vm")"; same "exit status" 0 "$status")"

# --- what a plugin declares that it needs, and no more

start_shim --plugin=needy "$vm/vsock"
verdict needed-call-and-path "$(same "outcome" $'ok' "$(dig needed)")"
denied needs-no-more 'EPERM|EACCES' unix execute ${landlock:+open}
stop shim

# --- abort(3) ends it as it should, core files or not

start_shim --plugin=digger "$vm/vsock"
{ "$client" "$vm/vsock_1234" abort; end shim; } >/dev/null 2>&1
verdict abort "$(same "exit status" 134 "$status")"
rm -f "$vm"/vsock_1234*

# --- --no-confine

start_shim --no-confine --plugin=digger "$vm/vsock"
verdict no-confine "$(
	same "seccomp mode" "$(of $$ Seccomp)" "$(of "$shim_pid" Seccomp)"
	same "no_new_privs" "$(of $$ NoNewPrivs)" "$(of "$shim_pid" NoNewPrivs)"
	same "outcome" ok "$(dig open)"
)"
stop shim

# --- a copy of the program in which a call that is not allowed kills the process: normal use does not

strict=$work/strict
mkdir "$strict"
cp "$build/vsock-notify" "$build/vsock-notify-run" "$strict/"
printf '#!/bin/sh\nexec "%s" --kill "$@"\n' "$build/vsock-notify-filter" >"$strict/vsock-notify-filter"
chmod +x "$strict/vsock-notify-filter"
normal=$shim
shim=$strict/vsock-notify

start_shim --plugin=digger "$vm/vsock"
{ "$client" "$vm/vsock_1234" open; end shim; } >/dev/null 2>&1
verdict strict-copy-notices "$(same "exit status" 159 "$status")"
rm -f "$vm"/vsock_1234*

# life: all that a guest says in captures/, a barrier, rubbish, a silent connection, an end.
life() {
	local capture kind text
	for capture in "$top"/tests/captures/*.tsv; do
		while IFS=$'\t' read -r _ text; do
			"$client" "$vm/vsock_1234" "$(printf '%b' "$text")" || return
		done < <(grep -v '^#' "$capture" | head -n 40)
	done >/dev/null
	for kind in BARRIER=1 MAINPID=1 $'\xff\xfe' "$(printf '%5000s' x)" WATCHDOG=trigger; do
		"$client" "$vm/vsock_1234" "$kind" >/dev/null 2>&1
	done
}

still_there() {
	kill -0 "$shim_pid" || echo "it is gone"
}

start_shim --log-level=debug --max-connections=4 --frame-timeout=1s "$vm/vsock"
await shim ': confined$' # with so few descriptors the filter could not be made
prlimit --pid "$shim_pid" --nofile=14 # fewer descriptors than connections want
for _ in 1 2 3 4 5 6; do
	"$client" "$vm/vsock_1234" "" wait >/dev/null 2>&1 & # silent
	pids+=($!)
done
life 2>/dev/null # some of it is refused, for want of descriptors
verdict strict-life "$(still_there)"
stop shim
verdict strict-end "$(same "exit status" 0 "$status")"

# The state is replaced again and again, by a group's leave and without, and kept or removed.
for option in --state=here.state --socket-mode=0660 "--socket-mode=0660 --socket-group=$(id -gn)" --keep-state; do
	read -ra words <<<"$option"
	start_shim "${words[@]}" "$vm/vsock"
	for i in 1 2 3; do "$client" "$vm/vsock_1234" "X_STRICT=$i" >/dev/null; done
	verdict "strict-state$option" "$(still_there)"
	stop shim
	verdict "strict-state-end$option" "$(same "exit status" 0 "$status"; ! grep 'no state file' "$work/shim.log")"
done
verdict strict-state-is-kept "$(same "the last state" STATE=stopped "$(grep ^STATE= vsock_1234.state)"; rm -f vsock_1234.state; same "what is left" "" "$(ls -A)")"

# The host's socket is full, gone, and another one.
input=$work/control
mkfifo "$input"
exec {control}<>"$input"
stop sink
start_sink --control
start_shim "$vm/vsock"
for word in pause resume gone back; do
	echo $word >&"$control"
	await sink "^# "
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		timeout 5 "$client" "$vm/vsock_1234" "STATUS=$word $i" >/dev/null 2>&1 &
		pids+=($!)
	done
done
verdict strict-troubled-host "$("$client" "$vm/vsock_1234" STATUS=last >/dev/null; await sink STATUS=last || echo "the last did not arrive"; still_there)"
stop shim
verdict strict-troubled-end "$(same "exit status" 0 "$status")"
unset input

# --- run: the wrapper is confined, the VMM is not

cp "$top/tests/cli/run-vmm.sh" "$work/cloud-hypervisor"
export PATH=$work:$PATH CLIENT=$client SOCKET=$vm/vsock_1234
verdict run-vmm-inherits-nothing "$(
	VMM='grep -E "^(NoNewPrivs|Seccomp|CapEff|CapPrm|CapBnd)" /proc/$$/status; grep -E "open files|core file" /proc/$$/limits'
	export VMM
	"$work/cloud-hypervisor" >"$work/direct"
	"$shim" run --notify-socket="$work/notify" -- cloud-hypervisor --vsock cid=3,socket="$vm/vsock" >"$work/wrapped" 2>"$work/run.err" ||
		echo "exit status $?: $(cat "$work/run.err")"
	diff "$work/direct" "$work/wrapped"
)"
verdict run-wrapper-is-confined "$(
	VMM='for f in NoNewPrivs Seccomp; do until grep -q "^$f:.*[12]" /proc/$PPID/status; do :; done; done; say READY=1; exit 7'
	export VMM
	timeout 20 "$shim" run --notify-socket="$work/notify" -- cloud-hypervisor --vsock cid=3,socket="$vm/vsock" 2>"$work/run.err"
	same "exit status" 7 $?
)"
# The power button, a descendant's connection, a signal, all under the filter that kills.
verdict run-strict-life "$(
	VMM='(say STATUS=descendant); say READY=1; trap "exit 9" TERM; kill -TERM $PPID; while :; do read -rt 0.1 <> <(:); done'
	export VMM
	timeout 20 "$shim" run --notify-socket="$work/notify" -- cloud-hypervisor --api-socket "$work/none" --vsock cid=3,socket="$vm/vsock" 2>"$work/run.err"
	same "exit status" 9 $?
	grep -q 'does not tell its guest to shut down' "$work/run.err" || cat "$work/run.err"
	await sink STATUS=descendant || echo "the descendant was not heard"
)"
# strict_end NAME STATUS WORDS OPTION...: other ends, likewise.
strict_end() {
	VMM=$3 timeout 20 "$shim" run --notify-socket="$work/notify" "${@:4}" \
		-- cloud-hypervisor --vsock cid=3,socket="$vm/vsock" 2>"$work/run.err"
	verdict "run-strict-$1" "$(same "exit status" "$2" $?; grep -E 'seccomp|Bad system call' "$work/run.err")"
}
down="say \$'EXIT_STATUS=5\\nX_SYSTEMD_SHUTDOWN=halt'"
strict_end linger 5 "$down; exec sleep 60" --linger=1us
# shellcheck disable=SC2016
strict_end stop-command 9 'trap "exit 9" TERM; kill -TERM $PPID; while :; do read -rt 0.1 <> <(:); done' \
	--stop-command='kill -TERM $VMM_PID; exit 1'
# shellcheck disable=SC2016
strict_end killed 137 'trap "" TERM; kill -TERM $PPID; (exec sleep 60)' --stop-timeout=1us
strict_end follow 5 "if [[ \$LEFT ]]; then $down; exec sleep 60; else LEFT=1 setsid \"\$0\" & fi" --follow --linger=1us
verdict run-leaves-nothing "$(same "what is left" "" "$(ls -A "$vm")")"
shim=$normal

# --- what is not there is said

"$cc" -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror "${cflags[@]}" -o "$work/without" "$top/tests/confine/without.c" || exit 1
landlock_create_ruleset=444 # on every architecture
for error in 1 38 95; do    # EPERM, of a container; ENOSYS; EOPNOTSUPP
	follow shim 2 "$work/without" $landlock_create_ruleset $error "$shim" serve --notify-socket="$work/notify" "$vm/vsock"
	await shim 'confinement, landlock: .* does not support it'
	got=$?
	"$client" "$vm/vsock_1234" "STATUS=without $error" >/dev/null 2>&1
	verdict "landlock-errno-$error-is-a-warning" "$(
		same "the warning is there" 0 $got
		await sink "STATUS=without $error" || echo "it does not serve"
		same "seccomp mode" 2 "$(of "$shim_pid" Seccomp)"
	)"
	stop shim
done

mkdir "$work/half"
cp "$build/vsock-notify" "$work/half/"
refuses filter-program-missing 1 'vsock-notify-filter' "$work/half/vsock-notify" serve --log-level=warning --notify-socket="$work/notify" "$vm/vsock"
verdict filter-program-missing-leaves-nothing "$(same "what is left" "" "$(ls -A "$vm")")"
stop sink
summary
