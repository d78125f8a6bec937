#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the series in patches/ change, on real builds, with KVM and the tiny guest: no notification is lost that follows another
# from the same port at once, half-closes arrive, the guest's port is named and the shim takes privileged ones only, and a full
# backlog of one port holds up no other.
#	PATCHED_CLOUD_HYPERVISOR="PATH..." PATCHED_FIRECRACKER=PATH tests/patches/test-patched.sh
# Builds without the series fail here. BUILD names another build folder.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

if [[ -z ${PATCHED_CLOUD_HYPERVISOR:-}${PATCHED_FIRECRACKER:-} ]]; then
	echo "skip patched: PATCHED_CLOUD_HYPERVISOR and PATCHED_FIRECRACKER name no builds (optional)"
	summary
	exit
fi
require_built vsock-notify tests/notify-sink guest/guest.elf
export BUILD=$build GUEST_ELF=$build/guest/guest.elf RUN_VMM=$top/tests/guest/run-vmm.sh
here=$top/tests/patches
cd "$work" || exit 1

# boot BACKEND WORDS [SHIM OPTION...]: runs the guest to its end, with the shim between it and a sink. $guest is then what the
# guest printed, sink.log has the host's datagrams, and shim.log the shim's lines.
boot() {
	local backend=$1 words=$2
	shift 2
	start_sink
	start_shim --log-level=debug "$@" "$work/vsock"
	guest=$("$RUN_VMM" "$backend" "$work/vsock" "$words" "${vmm_options[@]}" 2>"$work/vmm.err") || cat "$work/vmm.err"
	stop shim
	stop sink
	rm -f "$work/vsock"
}

half_close() {
	boot "$1" 'n=20'
	same "notifications that the guest counts as sent" 20 "$(grep -c ' ok$' <<<"$guest")"
	same "silences that were waited for" 0 "$(grep -c 'shut down after silence' "$work/shim.log")"
	grep -q 'passes half-closes on' "$work/shim.log" || echo "the shim saw no half-close"
}

no_rst_for_rst() {
	boot "$1" 'from=1023 n=200'
	same "notifications that the guest counts as sent" 200 "$(grep -c ' ok$' <<<"$guest")"
}

# Without an option, because the VMM names ports: messages from port 2000 are refused, those from ports below 1024 are not.
ports() {
	boot cloud-hypervisor 'say=STATUS=root from=2000 say=STATUS=program from=0 say=STATUS=again'
	same "what is told" "STATUS=root STATUS=again BARRIER=1" "$(datagrams | paste -sd' ')"
	grep -q 'its port in the guest is not privileged' "$work/shim.log" || echo "the log does not say why"
	grep -q 'guest 1, port [0-9]\{1,4\}: ' "$work/shim.log" || echo "the log does not say which port"
}

asked_not_to() {
	boot cloud-hypervisor 'from=2000 say=STATUS=program' --require-privileged-port=no
	same "what is told" "STATUS=program BARRIER=1" "$(datagrams | paste -sd' ')"
}

# The tests of RSTs need a guest that takes ports as Linux does. A VMM that names ports shows it: a connection that the host ends
# leaves its port free at once; one that the guest ends, because it was sent a byte, keeps it until the VMM's RST has come.
guest_like_linux() {
	boot cloud-hypervisor 'from=1023 announce=4 n=3' --answer=byte
	same "the guest's ports" "1023 1022 1023 1022 1023 1023 1023" \
		"$(sed -nE 's/.*: guest [0-9]+, port ([0-9]+): .*/\1/p' "$work/shim.log" | paste -sd' ')"
}

# Port 1235 is blocked for 20 s. The guest waits for port 1234 for less.
backlog() {
	local out
	out=$("$here/backlog.py" 20 "${vmm_options[@]}") || echo "the guest failed: $out"
	(($(sed -n 's/^note 2 held=\([0-9]*\) ok$/\1/p' <<<"$out") + 0 < 10000000)) && grep -q '^note 2 .* ok$' <<<"$out" ||
		echo "another port waited: $out"
}

vmm_options=(--seccomp true)
for program in ${PATCHED_CLOUD_HYPERVISOR:-}; do
	label=$("$program" --version | head -n 1 | tr ' ' -)
	export CLOUD_HYPERVISOR=$program
	verdict "$label-no-rst-for-rst" "$(no_rst_for_rst cloud-hypervisor)"
	verdict "$label-half-close" "$(half_close cloud-hypervisor)"
	verdict "$label-ports" "$(ports)"
	verdict "$label-ports-asked-not-to" "$(asked_not_to)"
	verdict "$label-guest-like-linux" "$(guest_like_linux)"
	verdict "$label-backlog" "$(backlog)"
done
vmm_options=()
if [[ -n ${PATCHED_FIRECRACKER:-} ]]; then
	export FIRECRACKER=$PATCHED_FIRECRACKER
	verdict firecracker-no-rst-for-rst "$(no_rst_for_rst firecracker)"
	verdict firecracker-half-close "$(half_close firecracker)"
fi
summary
