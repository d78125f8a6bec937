#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# customize-image.sh KIND ROOT MODULE...: turns a fresh Debian tree into the host or the guest: lays image/KIND over it, keeps
# those kernel modules, and packs it as ROOT/image.cpio with ROOT/vmlinuz beside it.
set -euo pipefail

kind=$1 root=$2
shift 2
own=$(realpath "$(dirname "$0")/image/$kind")
cp -rT --no-preserve=ownership "$own" "$root"
cd "$root"

echo "linux-$kind" >etc/hostname
: >etc/machine-id # each boot makes its own
ln -s sbin/init init
passwd --quiet --root "$root" --delete root # for sulogin, in emergency mode

for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer; do
	ln -sf /dev/null "etc/systemd/system/$unit"
done
for unit in "$own"/etc/systemd/system/*; do
	! grep -q '^WantedBy=' "$unit" || systemctl --quiet --root="$root" enable "$(basename "$unit")"
done

# keep_modules NAME...: and what they depend on
keep_modules() {
	local version name
	version=$(basename usr/lib/modules/*)
	for name; do
		modprobe --dirname "$root" --set-version "$version" --show-depends "$name"
	done | sed -nE 's|^insmod .*/usr/lib/modules/([^ ]*).*|usr/lib/modules/\1|p; s|^insmod .*/lib/modules/([^ ]*).*|usr/lib/modules/\1|p' |
		sort -u >kept-modules
	find "usr/lib/modules/$version/kernel" -name '*.ko*' | grep -vxFf kept-modules | xargs rm -f
	rm kept-modules
	depmod -b . "$version"
}
keep_modules "$@"
touch etc/.updated var/.updated # nothing is rebuilt at a first boot

cp --remove-destination boot/vmlinuz-* vmlinuz # in place of the package's link
# Not in it: what is only mounted while it is made, and what nothing at run time reads.
find . \( -path './proc/*' -o -path './sys/*' -o -path './dev/*' -o -path ./boot -o -path ./vmlinuz -o -path ./image.cpio \
	-o -path './usr/share/doc/*' -o -path './usr/share/man/*' -o -path './usr/share/locale/*' -o -path './usr/share/zoneinfo/*' \
	-o -path './usr/share/i18n/*' -o -path './usr/lib/x86_64-linux-gnu/gconv/*' -o -path './usr/lib/x86_64-linux-gnu/perl*' \
	-o -path './usr/lib/udev/hwdb.bin' -o -path './usr/lib/udev/hwdb.d/*' \
	-o -path './var/cache/*' -o -path './var/lib/apt/*' -o -path './var/lib/dpkg/*' \) -prune -o -print0 |
	cpio --quiet -0 -o -H newc >image.cpio
