#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# customize-image.sh ROOT: turns a fresh Debian tree into the test guest: a service that runs the script which the host
# passes as a credential, and ROOT/guest.cpio (the whole system as its own initramfs) with ROOT/vmlinuz beside it.
set -euo pipefail
cd "$1"

echo guestvm >etc/hostname
: >etc/machine-id # each boot makes its own
ln -s sbin/init init

cat >etc/systemd/system/host-script.service <<-"UNIT"
	[Unit]
	Description=What the host wants done
	ConditionCredential=host-script

	[Service]
	ImportCredential=host-script
	# the second serial port is the report: the console belongs to the kernel and the login prompt
	StandardOutput=file:/dev/ttyS1
	StandardError=inherit
	ExecStart=/bin/bash ${CREDENTIALS_DIRECTORY}/host-script
UNIT
ln -s ../host-script.service etc/systemd/system/multi-user.target.wants/

# Emulated, a boot is slow: only modules that this guest has a use for, and nothing that is rebuilt on a first boot.
modules=$(echo usr/lib/modules/*/kernel)
find "$modules" -name "*.ko*" \
	-not -path "$modules/net/vmw_vsock/*" -not -path "$modules/drivers/virtio/*" \
	-not -path "$modules/drivers/firmware/*" -delete
depmod -b . "$(basename "$(dirname "$modules")")"
touch etc/.updated var/.updated

cp --remove-destination boot/vmlinuz-* vmlinuz # in place of the package's link
# Not in it: what is only mounted while it is made, and what nothing at run time reads.
find . \( -path './proc/*' -o -path './sys/*' -o -path './dev/*' -o -path ./boot -o -path ./vmlinuz -o -path ./guest.cpio \
	-o -path './usr/share/doc/*' -o -path './usr/share/man/*' -o -path './usr/share/locale/*' \
	-o -path './var/cache/apt/*' -o -path './var/lib/apt/lists/*' \) -prune -o -print0 |
	cpio --quiet -0 -o -H newc >guest.cpio
