#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# "vsock-notify run" with stand-ins for VMMs: what it makes of their command line, what they see of
# it, how it ends, and what it leaves behind.
#	tests/cli/test-run.sh
# BUILD names another build folder, CC another compiler, LOOPS how many last messages are sent (200).

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

require_built vsock-notify vsock-notify-run plugins/notify.so tests/notify-sink
build_client || exit 1
bin=$work/bin
mkdir "$bin"

# compile NAME OPTION|SOURCE...
compile() {
	"$cc" -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror "${cflags[@]}" -o "$bin/$1" "${@:2}" || exit 1
}
compile cloud-hypervisor-last "$top/tests/cli/run-last.c"
compile pty "$top/tests/cli/run-pty.c"
compile hand-over "$top/tests/cli/hand-over.c"
compile cloud-hypervisor-words "$top"/tests/host/stand-in/*.c -pthread
cp "$top/tests/cli/run-vmm.sh" "$bin/cloud-hypervisor"

unset NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES JOURNAL_STREAM VSOCK_NOTIFY_PLUGIN_PATH \
	RUNTIME_DIRECTORY VMM
export LC_ALL=C PATH=$bin:$PATH CLIENT=$client

# The VM's folder, and the one that private folders are made in: what is in them, and nothing, is part
# of what is tested.
vm=$work/vm
export XDG_RUNTIME_DIR=$work/xdg
mkdir "$vm" "$XDG_RUNTIME_DIR"
cd "$vm" || exit 1

files() {
	find "$vm" "$XDG_RUNTIME_DIR" -mindepth 1 -printf '%P\n' | sort | paste -sd' '
}

# Of one that lives, whose next state may be on its way.
living_files() {
	find "$@" -mindepth 1 ! -name '.*.state.new' -printf '%P\n' | sort | paste -sd' '
}

nothing_left() {
	same "what is left behind" "" "$(files)"
}

launch=(-- cloud-hypervisor --kernel k --vsock 'cid=3,socket=vsock')
string=io.systemd.credential:vmm.notify_socket=vsock-stream:2:1234
word=systemd.set_credential=vmm.notify_socket:vsock-stream:2:1234
export NOTIFY_SOCKET=$work/notify

# --- what it prints

# printed NAME EXPECTED ARGUMENT...: the command line, without the event monitor, of which "run" has the other end.
printed() {
	local name=$1 expected=$2
	shift 2
	run "$shim" run --print "$@"
	verdict "print-$name" "$(
		same "exit status" 0 "$status"
		same "standard error" "${expect_error:-}" "$err"
		same "standard output" "$expected" "$out"
		nothing_left
	)"
}

printed complete "cloud-hypervisor --kernel k --vsock cid=3,socket=v --platform 'oem_strings=[$string]'" \
	-- cloud-hypervisor --kernel k --vsock cid=3,socket=v
printed merged "cloud-hypervisor --kernel=k --vsock=cid=3,socket=v '--platform=oem_strings=[a,$string],uuid=u'" \
	-- cloud-hypervisor --kernel=k --vsock=cid=3,socket=v '--platform=oem_strings=[a],uuid=u'
printed cmdline "cloud-hypervisor --kernel k --cmdline 'quiet $word' --vsock cid=3,socket=v" \
	--credential=cmdline -- cloud-hypervisor --kernel k --cmdline quiet --vsock cid=3,socket=v
printed none "cloud-hypervisor --kernel k --vsock cid=3,socket=v" \
	--credential=none -- cloud-hypervisor --kernel k --vsock cid=3,socket=v
printed other "crosvm run 'a b' '' '\$'" --vmm=other --vsock=v -- crosvm run 'a b' '' $
run "$shim" run --print -- cloud-hypervisor --kernel k
verdict print-private-folder "$(
	same "exit status" 0 "$status"
	grep -Eq -- "--vsock cid=3,socket=$XDG_RUNTIME_DIR/[^ ]+ " <<<"$out" || echo "it is not in \"$out\""
	nothing_left
)"
# What is printed can be run: nothing in it belongs to a process that has ended.
verdict print-can-be-run "$(
	export VMM='value --event-monitor; d=$(value --vsock); mkfifo "${d#*socket=}" && echo made'
	same "what the VMM says" made "$(eval "$out" 2>&1)"
	rm -f "$XDG_RUNTIME_DIR"/*
)"
run bash -c 'exec "$@" >/dev/full' - "$shim" run --print "${launch[@]}"
verdict print-to-full-disk "$(same "exit status" 1 "$status"; one_line 'standard output' "$err")"
run "$shim" run --help
verdict help "$(
	same "exit status" 0 "$status"
	grep -Eq '^Usage: vsock-notify run \[OPTION\.\.\.\] -- VMM' <<<"$out" || echo "no usage"
	grep -Eq '^  --stop-timeout=TIME ' <<<"$out" || echo "no option of its own"
	grep -Eq '^  --port=PORT ' <<<"$out" || echo "no option of the bridge"
	! grep -q -- --dump-plugin <<<"$out" || echo "an option of serve"
	! grep -n ' $' <<<"$out" || echo "a line ends in a blank"
)"

# --- wrong use, and what cannot work: one line, the right status, nothing left

# refused NAME STATUS PATTERN ARGUMENT...: of run.
refused() {
	refuses "refused-$1" "$2" "^vsock-notify: .*$3" "$shim" run --log-level=warning "${@:4}"
	verdict "refused-$1-leaves-nothing" "$(nothing_left)"
}

refused nothing 2 'the VMM is missing: write "--"'
refused no-vmm 2 'the VMM is missing' --
refused dashes-as-a-value 2 '\-\-vsock needs a value' --vsock -- crosvm run
refused option-as-a-value 2 '\-\-vsock needs a value: if it is "--print", write --vsock=--print' --vsock --print -- crosvm run
refused stop-timeout-too-long 2 '\-\-stop-timeout=18446744073709s: it must be a time' --stop-timeout=18446744073709s "${launch[@]}"
refused no-dashes 2 'cloud-hypervisor: write "--" between' cloud-hypervisor --kernel k
refused no-dashes-after-options 2 'cloud-hypervisor: write "--" between' --port=1 cloud-hypervisor
refused unknown-option 2 '\-\-frobnicate is not an option.*run --help' --frobnicate "${launch[@]}"
refused option-of-serve 2 '\-\-dump-plugin=notify is not an option' --dump-plugin=notify "${launch[@]}"
for option in $("$shim" run --help | sed -n 's/^  --\([a-z0-9-]*\)=.*/\1/p'); do
	refused "$option-without-value" 2 "\\-\\-$option needs a value" "--$option"
done

wrong_value() {
	local option=$1 pattern=$2 value
	shift 2
	for value; do
		refused "$option=$value" 2 "\\-\\-$option=.*: .*$pattern" "--$option=$value" "${launch[@]}"
	done
}
wrong_value vmm 'auto, cloud-hypervisor, firecracker, qemu or other' '' crosvm Auto
wrong_value credential 'auto, oem-string, cmdline or none' '' smbios
wrong_value exit-status 'guest or vmm' '' both
wrong_value exit-status-unknown 'a number from 0 to 255' '' 256 -1 x
wrong_value infer-ready 'yes or no' '' on
wrong_value on-emergency 'wait or fail' '' go
wrong_value on-restore 'ready or wait' '' no
wrong_value stop-timeout 'a time such as' '' 0 x -1 1.5
wrong_value extend-start 'a number of seconds' '' x -1 1.5 86401 99999999999999999999
wrong_value reboot 'status, reloading or exit' '' no
wrong_value exit-status-reboot 'a number from 0 to 255' '' 256 -1 x
wrong_value linger 'a time such as' '' x -1 1.5
wrong_value event-monitor 'auto or no' '' yes
wrong_value stop-command 'a command for /bin/sh' ''
refused vsock-empty 2 '\-\-vsock=: ' --vsock= --vmm=other -- true

refused vmm-missing 127 'cannot execute /no/such/vmm: No such file' --vmm=other --vsock=vsock -- /no/such/vmm
refused vmm-not-in-path 127 'cannot execute no-cloud-hypervisor: No such file.*\$PATH' \
	-- no-cloud-hypervisor --kernel k
touch "$work/cloud-hypervisor"
refused vmm-not-executable 126 'cannot execute .*/cloud-hypervisor: Permission denied' \
	-- "$work/cloud-hypervisor" --kernel k
refused vmm-is-folder 126 'cannot execute .*: Permission denied' --vmm=other --vsock=vsock -- "$work"
refused folder-missing 1 'cannot create none/vsock_1234.lock: No such file' \
	-- cloud-hypervisor --kernel k --vsock cid=3,socket=none/vsock
XDG_RUNTIME_DIR=/proc/self refused private-folder-unwritable 1 \
	'cannot make a folder for the vsock socket, /proc/self/.*XDG_RUNTIME_DIR' -- cloud-hypervisor --kernel k
RUNTIME_DIRECTORY=/proc/self refused runtime-directory-unwritable 1 'cannot create /proc/self/vsock_1234.lock' \
	-- cloud-hypervisor --kernel k
long_name=$(printf '%0120d' 0)
refused path-too-long 1 'bytes long: .*at most 107' \
	-- cloud-hypervisor --kernel k --vsock "cid=3,socket=$vm/$long_name"
refused string-without-bracket 2 "\\-\\-platform oem_strings=\\[a: a '\\[' is not closed" \
	"${launch[@]}" --platform 'oem_strings=[a'
refused string-without-quote 2 '\-\-platform=* *oem_strings=\["a\]: a quote is not closed' \
	"${launch[@]}" '--platform=oem_strings=["a]'
refused port-contradicts 2 '\-\-port=7, but the guest is told port 1234' \
	--port=7 "${launch[@]}" --platform "oem_strings=[$string]"
refused vsock-contradicts 2 '\-\-vsock=other, but the VMM' --vsock=other "${launch[@]}"
refused credential-contradicts 2 '\-\-credential=cmdline, but with --firmware' \
	--credential=cmdline -- cloud-hypervisor --firmware f
refused credential-datagrams 2 'by vsock datagrams.*vsock-stream:2:PORT' \
	"${launch[@]}" --platform 'oem_strings=[io.systemd.credential:vmm.notify_socket=vsock:2:1234]'
refused vsock-without-socket 2 'names no socket=PATH' -- cloud-hypervisor --kernel k --vsock cid=3
refused option-without-value 2 "the VMM's --platform has no value" "${launch[@]}" --platform
refused restore-without-vsock 2 'say where the socket is with --vsock=PATH' -- cloud-hypervisor --restore source_url=s
refused other-without-vsock 2 'where is the vsock socket of true' -- true
refused firecracker-config 2 'config file none.json cannot be read: No such file' \
	-- firecracker --config-file none.json
refused firecracker-oem-string 2 'Firecracker has no SMBIOS' --credential=oem-string -- firecracker
refused notify-socket 1 '\-\-notify-socket=x: ' --notify-socket=x "${launch[@]}"
refused plugin 1 'plugin nonesuch not found' --plugin=nonesuch "${launch[@]}"
refused ready-unit-of-a-service 1 'ready-unit=sshd.service: a guest announces targets only: name one' \
	--ready-unit=sshd.service "${launch[@]}"
refused reboot-without-track 1 'reboot=reloading has no effect without track=on' \
	--plugin=notify,track=off --reboot=reloading "${launch[@]}"
refused extend-start-above-its-cap 1 'extend-start=700 has no effect above max-extend=600: write max-extend=700 too' \
	--extend-start=700 "${launch[@]}"
for kind in firecracker other; do
	refused "on-restore-with-$kind" 2 '\-\-on-restore=ready has no effect: this VMM tells run no events' \
		--on-restore=ready --vmm="$kind" --vsock=v --credential=none -- sh
done
refused on-restore-without-the-monitor 2 "on-restore=ready has no effect: run does not get the VMM's --event-monitor" \
	--on-restore=ready "${launch[@]}" --event-monitor path=/dev/null
refused credential-of-another-vmm 2 '\-\-credential=oem-string has no effect: ' \
	--credential=oem-string --vmm=other --vsock=v -- sh
refused socket-group-without-mode 1 '\-\-socket-group= has no effect with --socket-mode=0600.*write --socket-mode=0660' \
	--socket-group=0 "${launch[@]}"
refused keep-no-state 1 '\-\-keep-state has no effect with --state=no' --keep-state --state=no "${launch[@]}"
refused ready-unit 1 'ready-unit=x: the value' --ready-unit=x "${launch[@]}"

# --- what the VMM sees

# VMMs are run with the folder as their own, and their output is in $out.
# vmm SNIPPET [OPTION|ARGUMENT...]: what run-vmm.sh is to do, and what run is given.
vmm() {
	export VMM=$1
	shift
	if (($# == 0)); then
		set -- "${launch[@]}"
	elif [[ " $* " != *' -- '* ]]; then
		set -- "$@" "${launch[@]}"
	fi
	run "$shim" run "$@"
	read_sink
}

mkfifo "$work/control"
exec {control}<>"$work/control"
input=$work/control start_sink --control

# Reads all that the sink was sent so far: it takes its datagrams before its commands.
read_sink() {
	echo count >&"$control"
	await sink '^# [0-9]+ datagrams$'
}

vmm 'printf "<%s>" "${arguments[@]}"'
verdict arguments "$(
	same "exit status" 0 "$status"
	same "the arguments" "<--kernel><k><--vsock><cid=3,socket=vsock><--platform><oem_strings=[$string]><--event-monitor>" \
		"${out%<fd=*}"
)"
vmm 'pwd; printf "%s " "${arguments[@]}"; d=$(value --vsock); d=${d#*socket=}; stat -c %a "${d%/*}"; ls "${d%/*}"; mkfifo "$d"' \
	-- cloud-hypervisor --kernel k
verdict private-folder "$(
	grep -qx "$vm" <<<"$out" || echo "its folder is another"
	grep -Eq -- "--vsock cid=3,socket=$XDG_RUNTIME_DIR/vsock-notify-[^/ ]*/vsock .* 700$" <<<"$out" || echo "it saw $out"
	grep -qx vsock_1234 <<<"$out" || echo "nobody listened before it started"
	nothing_left
)"
mkdir "$work/unit"
RUNTIME_DIRECTORY=$work/unit vmm 'value --vsock' -- cloud-hypervisor --kernel k
verdict runtime-directory "$(
	same "its --vsock" "cid=3,socket=$work/unit/vsock" "$out"
	same "what is left there" "" "$(ls "$work/unit")"
)"

FOO=bar vmm env
verdict environment "$(
	grep -qx FOO=bar <<<"$out" || echo "FOO is gone"
	! grep -E '^(NOTIFY_SOCKET)=' <<<"$out"
)"

# Open are those that an executed program has, and the event monitor's.
exec {inherited}</dev/null
VMM=descriptors run cloud-hypervisor
direct=$out
vmm 'descriptors; value --event-monitor'
event_fd=$(sed -n 's/^fd=//p' <<<"$out")
verdict descriptors "$(
	grep -q "^$inherited " <<<"$direct" || echo "the test has none that could be inherited"
	same "what is open" "$(printf '%s\n' "$direct" "$event_fd pipe:[]" | sort -n)" \
		"$(grep -v = <<<"$out" | sort -n)"
)"
vmm descriptors "${launch[@]}" --event-monitor path=/dev/null
verdict descriptors-without-event-monitor "$(same "what is open" "$direct" "$out")"
exec {inherited}<&-

# What the unit passes (OpenFile=, the descriptor store) is the VMM's, whatever it is; "run" listens at its own socket.
for kind in stream unbound inet two; do
	# shellcheck disable=SC2016
	run "$bin/hand-over" "$kind" "$vm/passed" env VMM='descriptors; env; echo "VMM is $$"; ls' "$shim" run "${launch[@]}"
	verdict "passed-$kind-is-the-vmms" "$(
		same "exit status" 0 "$status"
		grep -q '^3 socket' <<<"$out" || echo "it has no descriptor 3"
		same "for whom it is" "$(sed -n 's/^VMM is //p' <<<"$out")" "$(sed -n 's/^LISTEN_PID=//p' <<<"$out")"
		same "how many" "$([[ $kind == two ]] && echo 2 || echo 1)" "$(sed -n 's/^LISTEN_FDS=//p' <<<"$out")"
		grep -qx vsock_1234 <<<"$out" || echo "nobody listens at vsock_1234"
		rm -f passed
		nothing_left
	)"
done
run "$bin/hand-over" other "$vm/passed" env VMM=env "$shim" run "${launch[@]}"
verdict passed-to-another-process-stays-so "$(grep -qx LISTEN_PID=1 <<<"$out" || echo "LISTEN_PID is not 1")"
rm -f passed

run bash -c 'echo typed | "$@"' - env VMM='cat' "$shim" run "${launch[@]}"
verdict standard-input "$(same "what it read" typed "$out")"

# named EXPECTED OPTION...: what the VMM's process is called.
named() {
	# shellcheck disable=SC2016
	vmm '' --vmm=other --vsock=vsock "${@:2}" -- sh -c 'tr "\0" " " </proc/$$/cmdline'
	verdict "argv0-${1:-empty}" "$(same "its name" "$1" "${out%% -c *}")"
}
named sh
named microvm@web --argv0=microvm@web
named '' --argv0=

# --- how it ends

# ends NAME STATUS SNIPPET [OPTION...]
ends() {
	local name=$1 expected=$2
	shift 2
	vmm "$@"
	verdict "status-$name" "$(same "exit status" "$expected" "$status"; nothing_left)"
}

down() {
	printf "say \$'EXIT_STATUS=%s\\\\nX_SYSTEMD_SHUTDOWN=%s';" "$1" "$2"
}

ends vmm-0 0 'exit 0'
ends vmm-7 7 'exit 7'
ends vmm-255 255 'exit 255'
ends vmm-killed 137 'kill -KILL $$'
ends vmm-segv 139 'ulimit -c 0; kill -SEGV $$'
ends guest-42 42 "$(down 42 exit) exit 0"
ends guest-0-vmm-3 0 "$(down 0 poweroff) exit 3"
ends guest-0-vmm-killed 137 "$(down 0 poweroff) kill -KILL \$\$"
ends guest-0-vmm-segv 139 "$(down 0 poweroff) ulimit -c 0; kill -SEGV \$\$"
ends guest-8-vmm-killed 8 "$(down 8 exit) kill -KILL \$\$"
# A guest that has shut down, and a VMM that stays: at SIGTERM, or at SIGKILL.
ends guest-down-vmm-stays 0 "$(down 0 poweroff) hang" --linger=1us
ends guest-halted-vmm-stays 9 "$(down 9 halt) hang" --linger=1us
ends guest-down-without-status-vmm-stays 0 'say X_SYSTEMD_SHUTDOWN=poweroff; hang' --linger=1us
# A guest that reboots, where that is to run the unit's start again.
ends reboot-exit 133 "$(down 0 reboot) hang" --reboot=exit --linger=1us
ends reboot-exit-by-event-after-the-word 133 "$(down 0 reboot) event vm rebooted; hang" --reboot=exit --linger=60s
ends reboot-exit-by-the-next-boot 133 "$(down 0 reboot) say X_SYSTEMD_HOSTNAME=again; hang" --reboot=exit --linger=60s
ends reboot-exit-by-event 133 'event vm rebooted; hang' --reboot=exit
ends reboot-exit-vmm-ends-itself 133 "$(down 0 reboot) exit 0" --reboot=exit
ends reboot-exit-status 77 'event vm rebooted; hang' --reboot=exit --exit-status-reboot=77
ends reboot-exit-poweroff 5 "$(down 5 poweroff) exit 0" --reboot=exit
ends guest-halt 9 "$(down 9 halt) exit 0"
ends of-vmm 3 "$(down 42 exit) exit 3" --exit-status=vmm
ends of-a-program 0 'say EXIT_STATUS=9; exit 0'
ends of-a-program-vmm-4 4 "say \$'EXIT_STATUS=9\\nERRNO=2'; exit 4"
ends of-the-guest-then-a-program 42 "$(down 42 exit) say EXIT_STATUS=9; exit 0"
# A reboot's is nobody's: the VM ends otherwise, or there is another life.
ends reboot-then-vmm-5 5 "$(down 0 reboot) exit 5"
ends reboot-then-killed 137 "$(down 0 reboot) kill -KILL \$\$"
ends reboot-event-then-killed 137 "$(down 0 reboot) event vm rebooted; say STATUS=x; kill -KILL \$\$"
ends reboot-then-guest-6 6 "$(down 0 reboot) event vm rebooted; say X_SYSTEMD_HOSTNAME=h; $(down 6 exit) exit 0"
# A guest that was told to exit, and boots again all the same: what it said is of an earlier life.
ends earlier-life 3 "$(down 42 exit) say X_SYSTEMD_HOSTNAME=h; exit 3"
# A guest that shuts down, and whose last message is lost. What the VMM's own failure says is known.
stopping='say X_SYSTEMD_UNIT_ACTIVE=shutdown.target;'
ends last-word-lost 0 "$stopping exit 0"
verdict last-word-lost-is-said "$(same "lines" 1 "$(grep -c 'its last message was lost, .*: exiting with 0 (--exit-status-unknown)' <<<"$err")")"
ends last-word-lost-unknown 9 "$stopping exit 0" --exit-status-unknown=9
ends last-word-lost-vmm-3 3 "$stopping exit 3" --exit-status-unknown=9
ends last-word-lost-killed 137 "$stopping kill -KILL \$\$" --exit-status-unknown=9
ends last-word-lost-of-vmm 0 "$stopping exit 0" --exit-status-unknown=9 --exit-status=vmm
ends last-word-not-lost 0 "$stopping $(down 0 poweroff) exit 0" --exit-status-unknown=9
verdict last-word-not-lost-is-not-said "$(! grep 'was lost' <<<"$err")"
ends last-word-without-status 0 "$stopping say X_SYSTEMD_SHUTDOWN=poweroff; exit 0" --exit-status-unknown=9
ends last-word-reboot 0 "$stopping $(down 0 reboot) exit 0" --exit-status-unknown=9
ends last-word-lost-then-life 0 "$stopping event vm rebooted; say STATUS=x; exit 0" --exit-status-unknown=9
ends earlier-life-by-event 3 "$(down 42 exit) event vm rebooted; say STATUS=x; exit 3"

# --- what the service manager is told

# told NAME STATUS EXPECTED SNIPPET [OPTION...]: the datagrams of this run, one a line.
told() {
	local name=$1 expected_status=$2 expected=$3 before
	shift 3
	before=$(datagrams | wc -l)
	vmm "$@"
	verdict "told-$name" "$(
		same "exit status" "$expected_status" "$status"
		same "what was told" "$expected" "$(datagrams | tail -n "+$((before + 1))" | grep -vx -- BARRIER=1 |
				sed 's/MONOTONIC_USEC=[0-9]*/MONOTONIC_USEC=N/')"
		nothing_left
	)"
}

boot="say X_SYSTEMD_UNIT_ACTIVE=basic.target; say \$'READY=1\\nSTATUS=Ready.';"
booted='STATUS=booting: reached basic.target
READY=1\nSTATUS=Ready.'
off='EXIT_STATUS=0\nSTOPPING=1\nSTATUS=guest is shutting down: poweroff'
told boot-and-poweroff 0 "$booted
$off" "$boot $(down 0 poweroff)"
told halt 3 'EXIT_STATUS=3\nSTOPPING=1\nSTATUS=guest is shutting down: halt' "$(down 3 halt)"
told reboot 0 "$booted
STATUS=guest is rebooting
$booted" "$boot $(down 0 reboot) $boot"
told reboot-twice-told 0 "$booted
STATUS=guest is rebooting
STATUS=guest is rebooting
$booted" "$boot $(down 0 reboot) event vm rebooted; say STATUS; $boot"
told reboot-as-reload 0 "$booted
RELOADING=1\nMONOTONIC_USEC=N\nSTATUS=guest is rebooting
$booted" "$boot $(down 0 reboot) $boot" --reboot=reloading
told reboot-before-ready-is-no-reload 0 'STATUS=guest is rebooting' "$(down 0 reboot)" --reboot=reloading
told soft-reboot 0 "$booted
STATUS=guest is rebooting (soft-reboot)" "$boot say X_SYSTEMD_UNIT_ACTIVE=soft-reboot.target"
told extended-start 0 'EXTEND_TIMEOUT_USEC=7000000
STATUS=booting: reached basic.target\nEXTEND_TIMEOUT_USEC=7000000
READY=1\nSTATUS=Ready.
STATUS=later' "say X_SYSTEMD_HOSTNAME=h; $boot say STATUS=later" --extend-start=7
told story-not-wanted 0 'READY=1\nSTATUS=Ready.
EXIT_STATUS=0' "$boot $(down 0 poweroff)" --plugin=notify,track=off
told pause-and-resume 0 'STATUS=VM paused.
STATUS=VM running again.' 'event vm pausing; event vm paused; event vm resumed'
told events-not-wanted 0 '' 'event vm booting; event vm booted; event vmm shutdown; event guest paused'
told event-monitor-of-the-users 0 '' 'exit 0' "${launch[@]}" --event-monitor path=/dev/null
told event-rubbish 0 'STATUS=VM paused.' \
	'fd=$(value --event-monitor); printf "\0 rubbish }{\n\n" >&"${fd#fd=}"; event vm paused'
told restored 0 'READY=1\nSTATUS=VM restored.' 'event vm restored' \
	--vsock=vsock -- cloud-hypervisor --restore source_url=s
told restored-but-wait 0 'STATUS=VM paused.' 'event vm restored; event vm paused' \
	--vsock=vsock --on-restore=wait -- cloud-hypervisor --restore source_url=s
told panic 1 'STATUS=Guest kernel panicked.' 'event guest panic; hang'
told panic-is-failure 1 "$booted
$off
STATUS=Guest kernel panicked." "$boot $(down 0 poweroff) event guest panic; hang" --exit-status=vmm
vmm 'event guest panic; hang'
verdict panic-says-why "$(grep -q "the guest's kernel panicked: ending the VMM" <<<"$err" || echo "not in: $err")"
emergency='say $'\''READY=1\nSTATUS=x'\''; say X_SYSTEMD_UNIT_ACTIVE=emergency.target;'
told emergency-fail 1 'STATUS=x
STATUS=Guest is in emergency mode, not ready.' "say X_SYSTEMD_HOSTNAME=h; $emergency hang" --on-emergency=fail
vmm "say X_SYSTEMD_HOSTNAME=h; $emergency hang" --on-emergency=fail
verdict emergency-says-why "$(grep -q 'in emergency mode (--on-emergency=fail): ending the VMM' <<<"$err" || echo "not in: $err")"
# A VMM that ignores SIGTERM, and a guest that goes from one emergency to the next: it is one error line and one SIGTERM.
repeated='terms=0; trap "terms=\$((terms + 1))" TERM; say X_SYSTEMD_HOSTNAME=h
for i in {1..20}; do for unit in ACTIVE=emergency INACTIVE=basic INACTIVE=emergency ACTIVE=basic; do say "X_SYSTEMD_UNIT_$unit.target"; done; done
echo "$terms"'
vmm "$repeated" --on-emergency=fail
verdict emergency-fails-once "$(same "exit status" 1 "$status"; same "error lines" 1 "$(grep -c 'in emergency mode (--on-emergency=fail)' <<<"$err")"; same "SIGTERM" 1 "$out")"
told emergency-wait 0 'STATUS=x
STATUS=Guest is in emergency mode, not ready.
STATUS=still here' "say X_SYSTEMD_HOSTNAME=h; $emergency say STATUS=still\ here"
told emergency-when-ready-goes-on 0 "$booted
STATUS=Guest is in emergency mode, not ready.
STATUS=still here" "$boot say X_SYSTEMD_UNIT_ACTIVE=rescue.target; say STATUS=still\ here" --on-emergency=fail
told emergency-after-reboot-fails 1 "$booted
STATUS=guest is rebooting
STATUS=Guest is in emergency mode, not ready." \
	"$boot event vm rebooted; say STATUS; say X_SYSTEMD_UNIT_ACTIVE=emergency.target; hang" --on-emergency=fail
told ready-unit 0 'STATUS=booting: reached basic.target
STATUS=Ready.
READY=1' "$boot say X_SYSTEMD_UNIT_ACTIVE=web.target" --ready-unit=web.target
told port-of-the-users 0 STATUS=x 'SOCKET=vsock_77 say STATUS=x' \
	"${launch[@]}" --platform 'oem_strings=[io.systemd.credential:vmm.notify_socket=vsock-stream:2:77]'

NOTIFY_SOCKET='' vmm "$boot $(down 3 exit)"
verdict no-service-manager "$(
	same "exit status" 3 "$status"
	grep -q 'notifications are logged only' <<<"$err" || echo "it does not say so"
	nothing_left
)"

# The last message is out just before the VMM exits: it is delivered, and its status is ours, each time.
loops=${LOOPS:-200}
before=$(datagrams | wc -l)
missed=
export LAST_SOCKET=vsock_1234 LAST_STATUS=0
for ((i = 1; i <= loops; i++)); do
	LAST_TEXT=$'EXIT_STATUS='$((i % 250))$'\nX_SYSTEMD_SHUTDOWN=exit\nSTATUS=last '$i \
		run "$shim" run --log-level=error -- cloud-hypervisor-last --kernel k --vsock cid=3,socket=vsock
	((status == i % 250)) || missed+=" $i:$status"
	await sink BARRIER=1 || break
done
verdict last-message "$(
	same "the statuses that are wrong" "" "$missed"
	diff <(for ((i = 1; i <= loops; i++)); do printf '%s\n' "EXIT_STATUS=$((i % 250))\nSTATUS=last $i\nSTOPPING=1" BARRIER=1; done) \
		<(datagrams | tail -n "+$((before + 1))") | head -n 4
	nothing_left
)"

# --- signals

# start_vmm NAME ARGUMENT...: of run; follows the VMM's standard output. Its log: $work/vm.err
start_vmm() {
	# shellcheck disable=SC2016
	follow vm 1 bash -c 'exec "$@" 2>"$0"' "$work/vm.err" "$shim" run "$@"
}

log_says() {
	grep -q -- "$1" "$work/vm.err" || echo "the log does not say $1: $(<"$work/vm.err")"
}

# As machinectl(1) has it, to power a machine off by its leader.
VMM='trap "exit 11" TERM; echo up; while :; do read -rt 0.1 <> <(:); done' start_vmm "${launch[@]}"
await vm '^up$'
stop vm RTMIN+4
verdict power-off-of-machined "$(same "exit status" 11 "$status"; same "what is left" "" "$(files)")"

for signal in HUP USR1 USR2; do
	VMM='echo up; hang' start_vmm "${launch[@]}"
	await vm '^up$'
	stop vm "$signal"
	verdict "signal-$signal-is-passed-on" \
		"$(same "exit status" $((128 + $(kill -l "$signal"))) "$status"; nothing_left)"
done

words=(-- cloud-hypervisor-words --kernel k --vsock 'cid=3,socket=vsock')
WORDS=hang start_vmm "${words[@]}"
await vm ': hang$'
kill -TERM "$vm_pid"
await vm 'SIGTERM$'
got=$?
end vm
verdict term-without-api "$(same "the VMM heard it" 0 "$got"; same "exit status" 0 "$status"; nothing_left)"

WORDS='api=204 power-button say=EXIT_STATUS=7\nX_SYSTEMD_SHUTDOWN=poweroff' \
	start_vmm "${words[@]}" --api-socket "path=$work/api"
await vm ': power-button$'
stop vm
verdict term-presses-the-power-button "$(
	same "exit status" 7 "$status"
	log_says 'the VMM has told its guest to shut down'
	! grep SIGTERM "$work/vm.log"
	nothing_left
)"

WORDS='api=500 hang' start_vmm "${words[@]}" --api-socket "$work/api"
await vm ': hang$'
kill -TERM "$vm_pid"
await vm 'SIGTERM$'
got=$?
end vm
verdict term-where-the-button-is-refused "$(
	same "the VMM heard it" 0 "$got"
	log_says 'does not tell its guest to shut down (HTTP/1.1 500'
)"

WORDS='api=204 power-button hang' start_vmm "${words[@]}" --api-socket "$work/api"
await vm ': power-button$'
kill -TERM "$vm_pid"
await vm ': hang$'
kill -TERM "$vm_pid"
await vm 'SIGTERM$'
got=$?
end vm
verdict second-term-goes-straight-on "$(same "the VMM heard it" 0 "$got"; same "exit status" 0 "$status")"

WORDS='api=204 power-button hang' start_vmm --stop-timeout=1us "${words[@]}" --api-socket "$work/api"
await vm ': power-button$'
kill -TERM "$vm_pid"
await vm 'SIGTERM$'
got=$?
end vm
verdict stop-timeout "$(same "the VMM heard it" 0 "$got"; log_says '(--stop-timeout): ending the VMM')"

WORDS=hang start_vmm "${words[@]}" --api-socket "$work/no-api"
await vm ': hang$'
kill -TERM "$vm_pid"
await vm 'SIGTERM$'
got=$?
end vm
verdict term-without-anybody-at-the-api "$(same "the VMM heard it" 0 "$got"; log_says 'does not tell its guest to shut down (.*/no-api: No such file')"

# As systemd-machined and "systemctl kill" send them: a reboot is asked for, and the unit's start runs again.
for signal in RTMIN+5 INT; do
	WORDS='api=204 power-button say=EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=poweroff' \
		start_vmm "${words[@]}" --api-socket "path=$work/api"
	await vm ': power-button$'
	stop vm "$signal"
	verdict "reboot-by-$signal" "$(same "exit status" 133 "$status"; ! grep SIGTERM "$work/vm.log"; nothing_left)"
done

# shellcheck disable=SC2016
WORDS='hang' start_vmm --stop-command='echo "for $VMM_PID" >&2; kill -TERM "$VMM_PID"' "${words[@]}" --api-socket "path=$work/api"
await vm ': hang$'
stop vm
verdict stop-command "$(same "exit status" 0 "$status"; log_says '^for [0-9]'; ! grep KillMode "$work/vm.err"; nothing_left)"

WORDS='api=204 hang' start_vmm --stop-command='exit 7' "${words[@]}" --api-socket "path=$work/api"
await vm ': hang$'
stop vm
verdict stop-command-that-fails "$(log_says 'the stop command exited with 7: ending the VMM'; nothing_left)"

# A VMM that was told to stay when its guest powers off, and a guest that answers a request to reboot by a reboot: the VMM has no
# more time then.
WORDS='api=204 power-button say=EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=poweroff hang' \
	start_vmm --linger=1us "${words[@]}" --no-shutdown --api-socket "path=$work/api"
await vm ': power-button$'
stop vm
verdict stop-of-a-vmm-that-stays "$(same "exit status" 0 "$status"; log_says '(--linger): ending it'; ! grep 'not powered off' "$work/vm.err")"
WORDS='api=204 power-button say=EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot hang' \
	start_vmm --linger=1us "${words[@]}" --api-socket "path=$work/api"
await vm ': power-button$'
stop vm RTMIN+5
verdict reboot-answered-by-a-reboot "$(same "exit status" 133 "$status"; log_says '(--linger): ending it')"

# Nobody but the VMM is asked to shut its guest down.
follow foreign 1 env WORDS='api=204 hang' cloud-hypervisor-words --kernel k --api-socket "path=$work/foreign"
await foreign ': hang$'
WORDS=hang start_vmm "${words[@]}" --api-socket "path=$work/foreign"
await vm ': hang$'
stop vm
verdict foreign-api-is-not-asked "$(log_says 'foreign: another process than the VMM listens there'; ! grep -i button "$work/foreign.log")"
stop foreign

# With KillMode=control-group, the default, the service manager sends SIGTERM to the VMM, too.
WORDS='api=never power-button' start_vmm "${words[@]}" --api-socket "path=$work/api"
await vm ': power-button$'
kill -TERM "$vm_pid" "$(pgrep -P "$vm_pid" cloud-hyperviso)"
end vm
verdict vmm-ended-from-outside "$(log_says 'does the unit have KillMode=mixed?')"

# --- a launcher that leaves the VMM behind

# shellcheck disable=SC2016
VMM='(setsid bash -c "echo \"vmm \$\$\"; \"$CLIENT\" vsock_1234 STATUS=left; exec sleep infinity" &); exit 0' \
	start_vmm --follow "${launch[@]}"
await vm '^vmm'
orphan=${line#vmm }
await sink $'\tSTATUS=left$'
heard=$?
stop vm
verdict launcher-that-forks-is-followed "$(
	same "the VMM was heard" 0 "$heard"
	log_says 'cloud-hypervisor has ended and left the VMM behind'
	same "exit status" 143 "$status"
	! kill -0 "$orphan" 2>/dev/null || echo "the VMM lives on"
	nothing_left
)"

# A launcher that ends only at SIGTERM leaves the VMM behind then.
# shellcheck disable=SC2016
VMM='(setsid bash -c "echo \"vmm \$\$\"; exec sleep infinity" &); hang' start_vmm --follow "${launch[@]}"
await vm '^vmm'
orphan=${line#vmm }
stop vm
verdict signal-of-a-launcher-is-handed-on "$(
	log_says 'cloud-hypervisor has ended and left the VMM behind'
	same "exit status" 143 "$status"
	! kill -0 "$orphan" 2>/dev/null || echo "the VMM lives on"
	nothing_left
)"

# As jailer --daemonize does it: what was left behind leaves a child behind, and ends, after it was taken for the VMM.
# shellcheck disable=SC2016
VMM='(setsid bash -c "until grep -q \"left the VMM behind\" \"$LOG\"; do :; done
	(setsid bash -c '\''echo \"vmm \$\$\"; \"$CLIENT\" vsock_1234 STATUS=twice; exec sleep infinity'\'' &); exit 0" &); exit 0' \
	LOG=$work/vm.err start_vmm --follow "${launch[@]}"
await vm '^vmm'
orphan=${line#vmm }
await sink $'\tSTATUS=twice$'
heard=$?
stop vm
verdict launcher-that-forks-twice-is-followed "$(
	same "the VMM was heard" 0 "$heard"
	same "exit status" 143 "$status"
	! kill -0 "$orphan" 2>/dev/null || echo "the VMM lives on"
	nothing_left
)"

# The stop command is told of the VMM, and not of its launcher.
# shellcheck disable=SC2016
VMM='(setsid bash -c "echo \"vmm \$\$\"; exec sleep infinity" &); exit 0' \
	start_vmm --follow --stop-command='echo "for $VMM_PID" >&2; kill -TERM "$VMM_PID"' "${launch[@]}"
await vm '^vmm'
orphan=${line#vmm }
until grep -q 'left the VMM behind' "$work/vm.err"; do read -rt 0.1 <> <(:); done
stop vm
verdict stop-command-after-a-launcher "$(log_says "^for $orphan\$"; same "exit status" 143 "$status"; nothing_left)"

# A child that a launcher left shows that it is the VMM by its guest's word.
# shellcheck disable=SC2016
vmm '(setsid bash -c "until grep -qs PPid:.$PPID /proc/\$\$/status; do :; done; \"$CLIENT\" vsock_1234 \"EXIT_STATUS=6
X_SYSTEMD_SHUTDOWN=exit\"; exit 0" &); exit 0'
verdict left-vmm-shows-by-its-guest "$(same "exit status" 6 "$status"; grep -q 'left the VMM behind' <<<"$err" || echo "$err"; nothing_left)"

# What is left may be a helper of the VMM's, of which nothing was heard.
vmm '(exec -a helper sleep infinity) >/dev/null 2>&1 & echo "$!"; exit 0'
verdict silent-vmms-helper-is-not-followed "$(
	same "exit status" 0 "$status"
	grep -q 'neither a guest nor a vsock socket has shown since: ending' <<<"$err" || echo "it does not say so: $err"
	nothing_left
)"
kill "$out"

# A VMM that ends leaves helpers behind, and they are not waited for.
vmm 'sleep infinity >/dev/null 2>&1 & echo "$!"; say STATUS=x; exit 4'
verdict helper-that-is-left-is-not-followed "$(same "exit status" 4 "$status"; nothing_left)"
kill "$out"

# Orphans become this process's children, as they do where it is a container's PID 1.
# shellcheck disable=SC2016
vmm '(sleep 0 &); until ! grep -qs "^[0-9]" <(pgrep -P $PPID -x sleep); do :; done; echo none; exit 0'
verdict orphans-are-reaped "$(same "zombies" none "$out")"

VMM='echo up; hang' start_vmm "${launch[@]}"
await vm '^up$'
{ stop vm KILL; } 2>/dev/null # to the end of file: the VMM has closed the pipe too
verdict killed-wrapper-takes-the-vmm-along "$(same "exit status" 137 "$status")"
rm -f vsock_1234 vsock_1234.lock vsock_1234.state

# --- a second one

VMM='echo up; hang' start_vmm --allow-uid="$(id -u)" "${launch[@]}"
await vm '^up$'
refuses second-is-refused 1 'vsock_1234 is in use' "$shim" run --log-level=warning "${launch[@]}"
verdict second-takes-nothing "$(
	same "what is there" 'vsock_1234 vsock_1234.lock vsock_1234.state' "$(living_files "$vm" "$XDG_RUNTIME_DIR")"
	"$client" vsock_1234 STATUS=first 2>&1
	await sink $'\tSTATUS=first$' || echo "the first one does not serve any more"
)"
stop vm

# --- somebody else than the VMM

VMM='echo up; (say STATUS=of-a-child); hang' start_vmm "${launch[@]}"
await vm '^up$'
verdict stranger-is-refused "$(
	"$client" vsock_1234 STATUS=of-a-stranger >/dev/null 2>&1
	log_says 'is refused: it is not the VMM'
	await sink STATUS=of- || echo "the VMM's child was not heard"
	[[ $line == *STATUS=of-a-child ]] || echo "heard: $line"
)"
stop vm

export RUNTIME_DIRECTORY=$work/unit
VMM="\"$bin/hand-over\" leave \"\$RUNTIME_DIRECTORY/vsock\"; echo up; hang" \
	start_vmm -- cloud-hypervisor --kernel k
await vm '^up$'
refuses second-in-runtime-directory-is-refused 1 'vsock_1234 is in use' \
	"$shim" run --log-level=warning -- cloud-hypervisor --kernel k
verdict second-leaves-the-vmms-socket \
	"$(same "what is there" 'vsock vsock_1234 vsock_1234.lock vsock_1234.state' "$(living_files "$work/unit")")"
stop vm
verdict runtime-directory-is-cleared "$(same "what is left" "" "$(ls "$work/unit")")"
"$bin/hand-over" leave "$work/unit/vsock"
vmm 'ls "$RUNTIME_DIRECTORY"' -- cloud-hypervisor --kernel k
verdict left-over-vsock-is-removed "$(same "exit status" 0 "$status"; ! grep -x vsock <<<"$out")"
unset RUNTIME_DIRECTORY

# Of a VMM that was killed, and of a Firecracker in any case: with it there, no next one would start.
"$bin/hand-over" leave "$vm/vsock"
vmm '[[ ! -e vsock ]] && echo gone'
verdict left-over-vsock-of-the-users-is-removed "$(
	same "the VMM finds it" gone "$out"
	grep -q 'vsock was left over, removed' <<<"$err" || echo "it does not say so"
	nothing_left
)"
# Likewise the API socket of a cloud-hypervisor up to 52, of a Firecracker, or of one that was killed.
"$bin/hand-over" leave "$vm/api"
# shellcheck disable=SC2016
vmm '[[ ! -e api ]] && echo gone; "'"$bin"'/hand-over" leave "$PWD/api"; kill -KILL $$' "${launch[@]}" --api-socket path=api
verdict left-over-api-socket-is-removed "$(
	same "the VMM finds it" gone "$out"
	grep -q 'api was left over, removed' <<<"$err" || echo "it does not say so"
	nothing_left
)"
mkfifo "$work/stay"
exec {stay}<>"$work/stay"
# Its path is relative, as a VMM's often is.
input=$work/stay follow other 1 "$bin/hand-over" stay vsock
await other '^listening$'
vmm '[[ -S vsock ]] && echo there'
as_vsock=$out
vmm '[[ -S vsock ]] && echo there' -- cloud-hypervisor --kernel k --vsock cid=3,socket=other --api-socket vsock
exec {stay}>&-
end other
verdict live-socket-of-another-stays "$(
	same "the VMM finds it at its --vsock" there "$as_vsock"
	same "the VMM finds it at its --api-socket" there "$out"
	same "what is left" vsock "$(files)"
	same "what it has seen" listening "$(<"$work/other.log")"
)"
rm -f vsock
echo precious >vsock
vmm '[[ -f vsock ]] && echo there'
verdict plain-file-at-vsock-stays "$(same "the VMM finds it" there "$out"; same "what is left" vsock "$(files)")"
rm -f vsock

# What ps(1) and "systemctl status" show.
VMM='tr "\0" " " </proc/$PPID/cmdline' run "$shim" run "${launch[@]}"
verdict name-of-the-wrapper "$(grep -q '^[^ ]*vsock-notify' <<<"$out" || echo "it is called ${out%% *}")"

# --- the terminal

mkfifo "$work/typed"
exec {typed}<>"$work/typed"

# on_terminal SNIPPET: run in a terminal; its lines: await pty. What is typed: echo >&"$typed"
on_terminal() {
	# shellcheck disable=SC2094
	VMM=$1 input=$work/typed follow pty 1 "$bin/pty" "$shim" run --log-level=error "${launch[@]}"
}

# shellcheck disable=SC2016
on_terminal 'read -r line; echo "got $line"
	stat=$(</proc/$$/stat); set -- ${stat##*)}; echo "group $3 foreground $6"
	[[ -t 0 && -t 1 && -t 2 ]] && echo terminal; exit 4'
echo hello >&"$typed"
await pty 'got hello'
got=$?
await pty '^group'
[[ $line =~ group\ ([0-9]+)\ foreground\ ([0-9]+) ]]
group=${BASH_REMATCH[1]} foreground=${BASH_REMATCH[2]}
await pty '^terminal'
is_terminal=$?
await pty '^exit'
verdict terminal-is-the-vmms "$(
	same "it read what was typed" 0 "$got"
	same "its process group" "$foreground" "$group"
	same "its three are terminals" 0 "$is_terminal"
	same "the end" "exit 4" "$line"
)"
end pty

# shellcheck disable=SC2016
on_terminal 'n=0; trap "echo interrupted; ((n++))" INT; echo up; until [[ $line == go ]]; do read -r line; done; exit "$n"'
await pty up
printf '\003' >&"$typed"
await pty interrupted
echo go >&"$typed"
await pty '^exit'
verdict terminal-interrupt-comes-once "$(same "the end" "exit 1" "$line")"
end pty

# A terminal that goes is told to the session's leader only, which the wrapper is here.
exec {typed}<&-
mkfifo "$work/typed2"
exec {typed}<>"$work/typed2"
VMM='echo up; hang' input=/dev/stdin follow pty 1 \
	bash -c 'exec "$@" < <(head -n 1 "$0")' "$work/typed2" "$bin/pty" "$shim" run --log-level=error "${launch[@]}"
await pty up
echo >&"$typed"
await pty '^exit'
verdict terminal-hang-up-ends-the-vmm "$(same "the end" "exit 129" "$line")"
end pty

stop sink
verdict nothing-left-behind "$(nothing_left)"
summary
