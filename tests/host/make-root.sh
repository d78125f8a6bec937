#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make-root.sh OUT [SUITE]: makes OUT, the root tree of a host: a minimal Debian (trixie: systemd 257) with a real systemd,
# for host.sh to boot. Made once: again only where it is missing, or this script or the suite has changed. Needs root.
set -euo pipefail

out=$(realpath -m "${1:?usage: make-root.sh OUT [SUITE]}")
suite=${2:-trixie}
cd "$(dirname "$0")"
version="$suite $(sha256sum <make-root.sh)"

mkdir -p "$(dirname "$out")"
exec 9>"$out.lock"
flock 9
[ ! -f "$out/.version" ] || [ "$(cat "$out/.version")" != "$version" ] || exit 0

../tools/need.sh "the host" mmdebstrap:"makes a Debian system" debian-archive-keyring:"checks signatures"
answer=$(../tools/debian-source.sh "$suite")
rm -rf "$out" "$out.tmp"
echo "make-root.sh: making a Debian $suite host" >&2
# libcjson1 is what vsock-notify needs. socat: what READY=1 is lost with today, for comparison; it speaks to API sockets too.
if ! mmdebstrap --variant=minbase --format=directory --include=systemd,systemd-sysv,dbus,libcjson1,socat \
	--aptopt='Acquire::Check-Valid-Until "false"' \
	"$suite" "$out.tmp" "${answer#*$'\n'}" >"$out.log" 2>&1; then
	tail -n 40 "$out.log" >&2
	exit 1
fi

# Not a first boot, so no presets and no questions; all of the journal is kept; nobody logs in.
echo testhost >"$out.tmp/etc/hostname"
tr -d - </proc/sys/kernel/random/uuid >"$out.tmp/etc/machine-id"
mkdir -p "$out.tmp/etc/systemd/journald.conf.d"
printf '[Journal]\nStorage=volatile\nRateLimitIntervalSec=0\n' >"$out.tmp/etc/systemd/journald.conf.d/all-of-it.conf"
for unit in console-getty getty@ systemd-logind apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
	fstrim.timer systemd-update-utmp systemd-update-utmp-runlevel; do
	[ "${unit%.timer}" != "$unit" ] || unit=$unit.service
	ln -sf /dev/null "$out.tmp/etc/systemd/system/$unit"
done

echo "$version" >"$out.tmp/.version"
mv "$out.tmp" "$out"
