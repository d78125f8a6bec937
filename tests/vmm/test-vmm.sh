#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The tiny guest in real VMMs notifies a stand-in for the host's service manager through vsock-notify. Each case is a script of
# the guest's and what the host must have been told. QEMU with vhost-device-vsock always; $CLOUD_HYPERVISOR (one path or more,
# separated by spaces) and $FIRECRACKER, with real KVM, where they are given.
#	tests/vmm/test-vmm.sh
set -u -o pipefail

here=$(cd "$(dirname "$0")" && pwd)
tests=$(cd "$here/.." && pwd)
build=${BUILD:-$tests/../build}
passed=0
failed=0
export VHOST_DEVICE_VSOCK=${VHOST_DEVICE_VSOCK:-$tests/tools/vhost-device-vsock.sh}
shim=
sink=
bridge_options=()
work=$(mktemp -d)

finish() {
	local pid
	for pid in $shim $sink; do
		kill "$pid" 2>/dev/null
	done
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' HUP INT TERM

# The pipe stays empty: reading it with a time-out is a pause.
mkfifo "$work/never"
exec {never}<>"$work/never"

# await WHAT COMMAND...: until COMMAND succeeds, ten seconds at the most
await() {
	local what=$1 tries=1000 _
	shift
	until "$@"; do
		if ((--tries == 0)); then
			echo "# waited in vain for $what"
			return 1
		fi
		read -r -t 0.01 -u "$never" _
	done
	return 0
}

start_bridge() {
	"$build/tests/notify-sink" "$work/notify" >"$work/told" 2>&1 &
	sink=$!
	await "the sink" test -S "$work/notify" || return 1
	"$build/vsock-notify" serve "${bridge_options[@]}" --frame-timeout=2s --notify-socket="$work/notify" "$work/vsock" 2>"$work/log" &
	shim=$!
	await "vsock-notify" test -S "$work/vsock_1234"
}

# Ends both, when everything has been delivered. What the host was told is then in texts, without the last barrier.
end_bridge() {
	local status
	kill "$shim"
	wait "$shim"
	status=$?
	shim=
	kill "$sink"
	wait "$sink"
	sink=
	grep -v '^#' "$work/told" | cut -f2- | sed '$ { /^BARRIER=1$/ d }' >"$work/texts"
	return "$status"
}

verdict() {
	if [[ -z $2 ]]; then
		echo "ok $1"
		((passed++))
	else
		echo "not ok $1: $2"
		sed 's/^/# guest: /' "$work/guest"
		tail -n 30 "$work/log" | sed 's/^/# /'
		((failed++))
	fi
}

# The guest's last line: done notes=N worst=USEC early=N ignored=N failed=N
guest_says() {
	grep -oE "\b$1=[0-9]+" <<<"$(tail -n 1 "$work/guest")" | cut -d= -f2
}

# boot BACKEND "WORDS": boots the guest between a fresh bridge's start and end
boot() {
	start_bridge || return 1
	timeout 60 "$tests/guest/run-vmm.sh" "$1" "$work/vsock" "$2" >"$work/guest" 2>"$work/vmm.err"
	end_bridge || echo "# vsock-notify ended with an error"
}

# try BACKEND NAME "WORDS" [early|any-order]... <<TEXTS: what the host must have been told, line by line.
# early: notifications may be answered early (PID 1's, where half-closes are not passed on). any-order: of connections
# that are open at once.
try() {
	local backend=$1 name=$2 words=$3 flags=" ${*:4} " wrong=''
	cat >"$work/expected"
	boot "$backend" "$words"
	if [[ $flags == *' any-order '* ]]; then
		sort -o "$work/texts" "$work/texts"
		sort -o "$work/expected" "$work/expected"
	fi
	if [[ $(guest_says failed) != 0 ]]; then
		wrong="the guest says $(tail -n 1 "$work/guest")"
	elif [[ $flags != *' early '* &&  $(guest_says early) != 0 ]]; then
		wrong="$(guest_says early) notifications were answered early"
	elif ! diff "$work/expected" "$work/texts" >"$work/diff"; then
		wrong="the host was told something else: $(grep '^[<>]' "$work/diff" | head -n 5 | paste -sd ';')"
	fi
	verdict "$label-$name" "$wrong"
}

# announced BACKEND: PID 1's messages, too, come from port 1023 each, and none is lost. READY=1 may be answered without a byte
# until a loss was seen, so nothing is said of the message that follows it.
announced() {
	local wrong=''
	boot "$1" 'from=1023 announce=30 boot announce=30 down=poweroff:42'
	if [[ $(guest_says failed) -gt 1 ]]; then
		wrong="the guest says $(tail -n 1 "$work/guest")"
	elif (($(grep -c 'guest: t[0-9]*\.target is active' "$work/log") != 60)); then
		wrong="not all 60 announcements arrived"
	elif ! diff - "$work/texts" <<<$'READY=1\\nSTATUS=Ready.\nEXIT_STATUS=42' >"$work/diff"; then
		wrong="the host was told something else: $(grep '^[<>]' "$work/diff" | head -n 5 | paste -sd ';')"
	fi
	verdict "$label-announced" "$wrong"
}

# same_port BACKEND: programs one after the other, each from port 1023, as Linux guests do. A VMM that answers an RST with an
# RST loses up to one in two of them. The others arrive. vsock-notify sees most of the losses, as connections without a byte; it
# cannot see a loss if the VMM's answer to the lost request completed the guest's next connect.
same_port() {
	local lost seen wrong=''
	bridge_options=(--log-level=debug)
	boot "$1" 'from=1023 n=100'
	bridge_options=()
	lost=$(grep -c '^note .* refused$' "$work/guest")
	seen=$(grep -c ': 0 bytes, empty, ' "$work/log")
	sed -nE 's/^note ([0-9]+) held=[0-9]+ ok$/STATUS=\1/p' "$work/guest" >"$work/expected"
	if (($(wc -l <"$work/expected") + lost != 100)); then
		wrong="the guest says $(tail -n 1 "$work/guest")"
	elif ! diff "$work/expected" "$work/texts" >"$work/diff"; then
		wrong="the host was told something else: $(grep '^[<>]' "$work/diff" | head -n 5 | paste -sd ';')"
	elif (((lost > 0) != (seen > 0))); then
		wrong="the VMM lost $lost, and vsock-notify saw $seen"
	elif [[ $1 == qemu && $lost != 0 ]]; then
		wrong="vhost-device-vsock lost $lost, and drops RSTs of unknown connections"
	fi
	verdict "$label-same-port" "$wrong"
	echo "# $label: the VMM lost $lost of 100 notifications from one port; vsock-notify saw $seen"
}

numbered() {
	seq -f "STATUS=$1%g" "$2"
}

said_in_order() {
	local said
	said=$(sed -nE 's/.*guest: X_SYSTEMD_[A-Z_]*=([^ ]*).*/\1/p; s/.*guest: ([^ ]*) is (in)?active.*/\1/p' "$work/log" | paste -sd ' ')
	[[ $said =~ ^tiny\ [0-9a-f]{32}\ 2\ .*basic.target\ multi-user.target\ .*shutdown.target\ poweroff$ ]] || echo "the log says $said"
}

cases() {
	local backend=$1
	try "$backend" boot-poweroff 'boot down=poweroff:42' early <<-'TEXTS'
		READY=1\nSTATUS=Ready.
		EXIT_STATUS=42
	TEXTS
	verdict "$label-said-in-order" "$(said_in_order)"
	try "$backend" emergency 'boot-emergency wait=1200000' early <<-'TEXTS'
		STATUS=Ready.
		STATUS=Guest is in emergency mode, not ready.
	TEXTS
	try "$backend" older-guest 'boot-old' <<<'READY=1\nSTATUS=Ready.'
	try "$backend" one-after-the-other 'n=10' < <(numbered '' 10)
	try "$backend" slow-to-shut-down 'gap=30000 n=3' < <(numbered '' 3)
	try "$backend" cut-in-two 'gap=20000 cut=9 say=STATUS=one-and-two say=STATUS=three-four' <<-'TEXTS'
		STATUS=one-and-two
		STATUS=three-four
	TEXTS
	try "$backend" at-once 'par=20' any-order < <(numbered par 20)
	try "$backend" largest "fill=4096 say=STATUS=after" < <(printf 'STATUS=%s\nSTATUS=after\n' "$(head -c 4089 /dev/zero | tr '\0' x)")
	try "$backend" too-large "fill=4097 say=STATUS=after" early <<<'STATUS=after'
	try "$backend" bad-guest 'empty reset=STATUS=r half=STATUS=h say=\x00\xff= say=\n\nSTATUS=a\x01b\n\nMAINPID=1 close=STATUS=closed' any-order <<-'TEXTS'
		STATUS=r
		STATUS=h
		STATUS=a?b
		STATUS=closed
	TEXTS
	try "$backend" barrier 'say=STATUS=before say=BARRIER=1 say=STATUS=after' <<-'TEXTS'
		STATUS=before
		BARRIER=1
		STATUS=after
	TEXTS
	same_port "$backend"
	announced "$backend"
}

# vmm LABEL BACKEND
vmm() {
	label=$1
	cases "$2"
}

# The first use may unpack the program, which must not happen in the middle of a boot.
if $VHOST_DEVICE_VSOCK --version >"$work/version" 2>&1; then
	vmm qemu qemu
else
	cat "$work/version"
	echo "skip qemu: no vhost-device-vsock"
fi
if [[ -n ${CLOUD_HYPERVISOR:-} ]]; then
	for program in $CLOUD_HYPERVISOR; do
		version=$("$program" --version | sed -n 's/^cloud-hypervisor v\([0-9.]*\).*/\1/p')
		CLOUD_HYPERVISOR=$program vmm "cloud-hypervisor-$version" cloud-hypervisor
	done
else
	echo 'skip cloud-hypervisor: (optional) set CLOUD_HYPERVISOR=/path to try it with real KVM'
fi
if [[ -n ${FIRECRACKER:-} ]]; then
	vmm firecracker firecracker
else
	echo 'skip firecracker: (optional) set FIRECRACKER=/path to try it with real KVM'
fi
echo "$passed passed, $failed failed"
((failed == 0))
