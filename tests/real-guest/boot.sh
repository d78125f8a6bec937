#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# boot.sh IMAGE VSOCK SCRIPT OUT: boots the guest that make-image.sh left in IMAGE, in software emulation, behind
# vhost-device-vsock, whose host side is the hybrid vsock socket VSOCK. Once up, the guest runs SCRIPT (bash); what that
# prints is in OUT/report, the guest's console in OUT/console. Ends when the guest is off; 124: it was not in time.
# BOOT_SECONDS is the time limit, NOTIFY_PORT the host's vsock port that the guest's PID 1 tells its state to.
set -euo pipefail

[ $# -eq 4 ] || { echo "usage: boot.sh IMAGE VSOCK SCRIPT OUT" >&2; exit 2; }
image=$1 vsock=$2 script=$3 out=$4
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/processes.sh"
backend=$vsock.vhost

"$here/../tools/vhost-device-vsock.sh" --guest-cid 3 --socket "$backend" --uds-path "$vsock" >"$out/vhost-device-vsock.log" 2>&1 &
running=($!)
trap 'end_processes "${running[@]}"' EXIT
trap 'exit 143' TERM INT
wait_for 60 test -S "$backend" || { cat "$out/vhost-device-vsock.log" >&2; exit 1; }

# One CPU and one emulation thread are the steadiest, and qemu64 with x2apic is what Linux 6.12 boots on everywhere.
# oops=panic and -no-reboot: a crashed kernel ends the run at once.
timeout "${BOOT_SECONDS:-200}" "$here/qemu.sh" -accel tcg,thread=single \
	-machine q35,memory-backend=ram -m 1024 -object memory-backend-memfd,id=ram,size=1024M,share=on \
	-cpu qemu64,+x2apic -smp 1 -nodefaults -no-user-config -display none -no-reboot \
	-serial "file:$out/console" -serial "file:$out/report" \
	-chardev socket,id=vsock,path="$backend" -device vhost-user-vsock-pci,chardev=vsock \
	-smbios "type=11,value=io.systemd.credential:vmm.notify_socket=vsock-stream:2:${NOTIFY_PORT:-1234}" \
	-smbios "type=11,value=io.systemd.credential.binary:host-script=$(base64 -w0 <"$script")" \
	-kernel "$image/vmlinuz" -initrd "$image/guest.cpio" \
	-append "console=ttyS0 panic=-1 oops=panic systemd.unit=multi-user.target" </dev/null >"$out/qemu.log" 2>&1 &
running+=($!)
wait "${running[1]}"
