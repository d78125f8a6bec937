#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run-vmm.sh BACKEND VSOCK_SOCKET "SCRIPT WORDS" [VMM OPTION...]: boots the tiny guest with BACKEND (qemu,
# cloud-hypervisor or firecracker), its serial port on stdout, and ends with the VMM and its exit status, or with 124
# after a time-out. README.md has the words. Environment:
#   GUEST_ELF           the guest (build/guest/guest.elf)
#   CLOUD_HYPERVISOR, FIRECRACKER, QEMU   the VMM's program
#   VHOST_DEVICE_VSOCK  qemu's device: a program, or one with arguments before its options, separated by spaces
#   T                   time limit in seconds (60)
set -euo pipefail

fail() { echo "run-vmm.sh: $*" >&2; exit 2; }

[ $# -ge 3 ] || fail 'usage: run-vmm.sh BACKEND VSOCK_SOCKET "SCRIPT WORDS" [VMM OPTION...]'
backend=$1 socket=$2 words=$3
shift 3
root=$(cd "$(dirname "$0")/../.." && pwd)
elf=${GUEST_ELF:-$root/build/guest/guest.elf}
memory_mib=64
guest_cid=3
[ -f "$elf" ] || fail "$elf is missing: build the guest first"

work=$(mktemp -d)
started=() # the newest first

finish() {
	local pid
	for pid in "${started[@]}"; do
		if kill -0 "$pid" 2>/dev/null; then kill "$pid"; fi
	done
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A signal must end the VMM too, so bash waits in the background: a foreground program would delay the trap.
run_vmm() {
	timeout --kill-after=5 "${T:-60}" "$@" </dev/null &
	started=($! "${started[@]}")
	wait $!
}

# run_device PROGRAM ARGS...: starts qemu's vsock device, and returns once its socket is there
run_device() {
	local vhost=$1 tries=200 nothing
	shift
	"$@" >"$work/device.log" 2>&1 &
	started=($! "${started[@]}")
	mkfifo "$work/pause"
	exec 3<>"$work/pause"
	until [ -S "$vhost" ]; do
		if [ $((tries -= 1)) -eq 0 ] || ! kill -0 $! 2>/dev/null; then
			cat "$work/device.log" >&2
			fail "the vsock device did not start"
		fi
		# a pause: the pipe stays empty
		if read -r -t 0.02 -u 3 nothing; then fail "the pipe spoke: $nothing"; fi
	done
}

run_cloud_hypervisor() {
	run_vmm "${CLOUD_HYPERVISOR:-cloud-hypervisor}" --cpus boot=1 --memory "size=${memory_mib}M" --kernel "$elf" \
		--cmdline "$words" --vsock "cid=$guest_cid,socket=$socket" --serial tty --console off "$@"
}

run_firecracker() {
	local json=${words//\\/\\\\}
	json=${json//\"/\\\"}
	cat >"$work/config.json" <<-JSON
		{
		  "boot-source": {"kernel_image_path": "$elf", "boot_args": "$json"},
		  "drives": [],
		  "machine-config": {"vcpu_count": 1, "mem_size_mib": $memory_mib},
		  "vsock": {"guest_cid": $guest_cid, "uds_path": "$socket"}
		}
	JSON
	# Without --log-path its log goes to stdout, where the guest's output is. A build for glibc has no useful system call filter.
	: >"$work/vmm.log"
	run_vmm "${FIRECRACKER:-firecracker}" --no-api --no-seccomp --level Error --log-path "$work/vmm.log" \
		--config-file "$work/config.json" "$@"
}

run_qemu() {
	local device
	read -ra device <<<"${VHOST_DEVICE_VSOCK:-vhost-device-vsock}"
	run_device "$work/vhost" "${device[@]}" --guest-cid "$guest_cid" --socket "$work/vhost" --uds-path "$socket"
	run_vmm "${QEMU:-qemu-system-x86_64}" -accel tcg -machine q35,memory-backend=ram -cpu qemu64 -m "$memory_mib" \
		-object "memory-backend-memfd,id=ram,size=${memory_mib}M,share=on" \
		-chardev "socket,id=vhost,path=$work/vhost" -device vhost-user-vsock-pci,chardev=vhost \
		-nodefaults -display none -serial stdio -kernel "$elf" -append "$words" "$@"
}

rm -f "$socket"
case $backend in
cloud-hypervisor) run_cloud_hypervisor "$@" ;;
firecracker) run_firecracker "$@" ;;
qemu) run_qemu "$@" ;;
*) fail "no such backend: $backend" ;;
esac
