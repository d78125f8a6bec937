#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# qemu-vmm.sh VSOCK WORDS: a VMM in one process, for the launch wrapper: starts vhost-device-vsock, whose host side is the
# hybrid vsock socket VSOCK, and becomes QEMU with the tiny guest. The device ends with QEMU, however that ends.
# GUEST_ELF names the guest, QEMU_ACCEL another accelerator than "tcg".
set -euo pipefail

[ $# -eq 2 ] || { echo "usage: qemu-vmm.sh VSOCK WORDS" >&2; exit 2; }
vsock=$1 words=$2
tests=$(cd "$(dirname "$0")/.." && pwd)
vhost=$vsock.vhost
memory_mib=64

rm -f "$vsock" "$vhost"
# The parent whose death ends it is this process, which will be QEMU.
setpriv --pdeathsig KILL "$tests/tools/vhost-device-vsock.sh" --guest-cid 3 --socket "$vhost" --uds-path "$vsock" >&2 </dev/null &
device=$!
exec {never}<> <(:) # nobody writes to it: a pause
tries=500
until [ -S "$vhost" ]; do
	if [ $((tries -= 1)) -eq 0 ] || ! kill -0 "$device" 2>/dev/null; then
		echo "qemu-vmm.sh: the vsock device did not start" >&2
		exit 1
	fi
	if read -r -t 0.01 -u "$never" nothing; then
		echo "qemu-vmm.sh: the pipe spoke: $nothing" >&2
		exit 1
	fi
done
exec {never}<&-

exec "$tests/real-guest/qemu.sh" -accel "${QEMU_ACCEL:-tcg}" -machine q35,memory-backend=ram -cpu qemu64 -m "$memory_mib" \
	-object "memory-backend-memfd,id=ram,size=${memory_mib}M,share=on" \
	-chardev "socket,id=vhost,path=$vhost" -device vhost-user-vsock-pci,chardev=vhost \
	-nodefaults -display none -serial null -kernel "${GUEST_ELF:?}" -append "$words"
