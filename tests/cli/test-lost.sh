#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A VMM that loses exactly the guest's READY=1: a connection without a byte in its place. The service manager is told READY=1 all the
# same, once, because the guest's default target is active.
#	tests/cli/test-lost.sh
# BUILD names another build folder, CC another compiler.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

require_built vsock-notify vsock-notify-run vsock-notify-show plugins/notify.so tests/notify-sink
build_client || exit 1
bin=$work/bin
mkdir "$bin"
"$cc" -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror "${cflags[@]}" -o "$bin/cloud-hypervisor-words" \
	"$top"/tests/host/stand-in/*.c -pthread || exit 1
unset NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES JOURNAL_STREAM VSOCK_NOTIFY_PLUGIN_PATH RUNTIME_DIRECTORY
export LC_ALL=C PATH=$bin:$PATH
cd "$work" || exit 1

# The real guests that became ready: up to their READY=1, and what followed it in their boot.
boots=(60-notify-exit42 systemd-initrd)
before_ready() {
	sed -n '/\tREADY=1/q; s/^[^\t]*\t//p' "$top/tests/captures/debian13-systemd257-$1.tsv"
}
target=X_SYSTEMD_UNIT_ACTIVE=multi-user.target
inferred='READY=1\nSTATUS=Guest is ready: its default target is active, READY=1 was lost.'
said='guest ready.*: its READY=1 was lost, but its default target is active'

# count PATTERN TEXT: how many of its lines have it.
count() {
	grep -c -- "$1" <<<"$2"
}

for boot in "${boots[@]}"; do
	start_sink
	words=$(before_ready "$boot" | sed 's/ /\\s/g; s/^/say=/')
	# shellcheck disable=SC2016
	NOTIFY_SOCKET=$work/notify WORDS="${words//$'\n'/ } say= say=$target hang" follow vm 1 bash -c 'exec "$@" 2>"$0"' "$work/vm.err" \
		"$shim" run --plugin=notify,track=off -- cloud-hypervisor-words --kernel k --vsock 'cid=3,socket=vm'
	await sink READY=1
	got=$?
	stop vm
	stop sink
	verdict "run-$boot" "$(
		same "READY=1 comes" 0 "$got"
		same "READY=1" "$inferred" "$(datagrams | grep READY=1)"
		same "lines that say so" 1 "$(count "$said" "$(<"$work/vm.err")")"
	)"

	start_sink
	start_shim "$work/$boot"
	mkfifo "$work/$boot.in"
	input=$work/$boot.in follow guest 1 "$client" "$work/${boot}_1234" - each
	exec {guest}>"$work/$boot.in"
	{ before_ready "$boot" | grep -v '\\'; echo; echo "$target"; } >&"$guest"
	await sink READY=1
	got=$?
	shown=$(timeout "$patience" "$shim" wait --for=ready "$work/$boot" 2>&1 && "$shim" status "$work/$boot" 2>&1)
	# It comes late, and a program says it too.
	printf 'READY=1\n' >&"$guest"
	exec {guest}>&-
	end guest
	stop shim
	stop sink
	verdict "serve-$boot" "$(
		same "READY=1 comes" 0 "$got"
		same "READY=1" "$inferred
READY=1" "$(datagrams | grep READY=1)"
		same "lines that say so" 1 "$(count "$said" "$(<"$work/shim.log")")"
		same "status of the boot" 1 "$(count '^ *Boot: .*ready after .* (inferred: READY=1 was lost)$' "$shown")"
		same "status of the loss" 1 "$(count '^ *Lost: 1 message in this life, 1 in all' "$shown")"
		same "lines of the loss" 1 "$(count 'a message of the guest is lost: ' "$(<"$work/shim.log")")"
		same "lines of readiness" 1 "$(count 'guest ready' "$(<"$work/shim.log")")"
	)"
done
summary
