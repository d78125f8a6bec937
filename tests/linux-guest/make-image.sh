#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make-image.sh KIND OUT [SUITE]: makes a Debian system that lives in its initramfs. SUITE is trixie (systemd 257), forky (262),
# bookworm (252, a host only: its PID 1 cannot notify over vsock) or bookworm-backports (254).
#   host    OUT/vmlinuz and OUT/initrd: what QEMU emulates, with KVM
#   guest   OUT/vmlinuz and OUT/initrd: what a VMM boots on that KVM; OUT/vmlinux is the kernel for VMMs that want an ELF file
# Made once: again only where it is missing, or the suite or what it is made from has changed.
set -euo pipefail

[ $# -ge 2 ] || { echo "usage: make-image.sh host|guest OUT [SUITE]" >&2; exit 2; }
kind=$1 out=$(realpath -m "$2") suite=${3:-trixie}
cd "$(dirname "$0")"

# The kernel's modules are those that the system has a use for, and what these depend on: an emulated machine is slow to unpack more.
case $kind in
host)
	# curl, and waitpid of util-linux-extra, are what microvm.nix's scripts call
	packages=systemd,systemd-sysv,udev,kmod,dbus,linux-image-amd64,libcjson1,libseccomp2,socat,curl,util-linux-extra
	modules="kvm_amd virtio_pci 9p 9pnet_virtio"
	;;
guest)
	packages=systemd,systemd-sysv,udev,kmod,dbus,linux-image-cloud-amd64
	modules="virtio_pci virtio_mmio vmw_vsock_virtio_transport dmi_sysfs button evdev pvpanic_pci"
	;;
*)
	echo "make-image.sh: there is no image \"$kind\"" >&2
	exit 2
	;;
esac

version="$suite $(find make-image.sh customize-image.sh "image/$kind" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)"
mkdir -p "$(dirname "$out")"
exec 9>"$out.lock"
flock 9
[ ! -f "$out/.version" ] || [ "$(cat "$out/.version")" != "$version" ] || exit 0

../tools/need.sh "the Linux $kind" mmdebstrap:"makes a Debian system" cpio:"packs it" kmod:"its module index" \
	zstd:"unpacks kernels" debian-archive-keyring:"checks signatures"
answer=$(../tools/debian-source.sh "$suite")
rm -rf "$out" "$out.tmp"
mkdir "$out.tmp"
echo "make-image.sh: making a Debian $suite $kind" >&2
# INITRD=No: the kernel package need not spend half a minute on an initramfs that is not booted.
if ! INITRD=No mmdebstrap --variant=minbase --format=null --include="$packages" \
	--aptopt='Acquire::Check-Valid-Until "false"' --aptopt="APT::Default-Release \"$suite\"" \
	--customize-hook="./customize-image.sh $kind \"\$1\" $modules" \
	--customize-hook="download /vmlinuz $out.tmp/vmlinuz" \
	--customize-hook="download /image.cpio $out.tmp/initrd" \
	"${suite%-backports}" - "${answer#*$'\n'}" >"$out.log" 2>&1; then
	tail -n 40 "$out.log" >&2
	exit 1
fi

# elf_kernel BZIMAGE: the ELF file in it, which Debian compresses with zstd; what follows it there is not zstd's, which complains.
elf_kernel() {
	local start
	start=$(LC_ALL=C grep -abom 1 -P '\x28\xb5\x2f\xfd' "$1")
	tail -c "+$((${start%%:*} + 1))" "$1" | zstd -dcq 2>>"$out.log" || [ "${PIPESTATUS[1]}" = 1 ]
}

if [ "$kind" = guest ]; then
	elf_kernel "$out.tmp/vmlinuz" >"$out.tmp/vmlinux"
	head -c 4 "$out.tmp/vmlinux" | grep -q ELF || { echo "make-image.sh: no ELF kernel in $out.tmp/vmlinuz" >&2; exit 1; }
fi
echo "$version" >"$out.tmp/.version"
mv "$out.tmp" "$out"
