#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# in-debian.sh: what test-deb.sh runs on a Debian host with a real systemd, as root: /packages has this.deb, dev.deb and next.deb,
# VERSION is the first's version. dpkg alone is used: the host has what the packages depend on, and no network.
set -u -o pipefail

# shellcheck source=SCRIPTDIR/../lib.sh
. /project/tests/lib.sh

# Every file there is, with type, mode, owner, size and target; not what is mounted, nor what dpkg and the running system write
# (the journal's catalog, by a trigger of systemd's).
all_files() {
	find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /out -o -path /packages -o -path /project \
		-o -path /var/log -o -path /var/lib/dpkg -o -path /var/lib/systemd/catalog -o -path /var/tmp \) -prune -o \
		\( -type d -printf '%p %y %m %U:%G\n' \) -o -printf '%p %y %m %U:%G %s %l\n' | LC_ALL=C sort
}

# quietly COMMAND...: what it says, if it fails.
quietly() {
	"$@" >"$work/quietly" 2>&1 || echo "$* failed: $(tail -n 5 "$work/quietly")"
}

# until_active UNIT: a complaint where that has not come within patience. systemd tells nobody but by a question.
until_active() {
	local end=$((SECONDS + patience)) state
	while state=$(systemctl show -P ActiveState "$1"); [[ $state != active ]]; do
		((SECONDS < end)) || { echo "$1 is $state"; return; }
		read -r -t 0.1 <>"$work/never"
	done
}
mkfifo "$work/never"

units=(vm@.service vsock-notify@.service vsock-notify@.socket)
folder=/usr/lib/systemd/system

# ---- installed

all_files >"$work/before"
verdict deb-installs "$(quietly dpkg --install /packages/this.deb /packages/dev.deb)"
all_files >"$work/installed"

# Nothing is made by a maintainer script: no unit is enabled, no user made.
verdict deb-installs-its-files-only "$(
	comm -13 "$work/before" "$work/installed" | awk '{ print $1 }' | LC_ALL=C sort >"$work/new"
	dpkg --listfiles vsock-notify vsock-notify-dev | LC_ALL=C sort -u >"$work/listed"
	[[ -s $work/new ]] || echo "no file is new"
	comm -23 "$work/new" "$work/listed" | sed 's/^/made: /'
	comm -23 "$work/before" "$work/installed" | sed 's/^/changed: /'
)"
run vsock-notify --version
verdict deb-program "$(same "exit status" 0 "$status"; same "standard output" "vsock-notify $VERSION" "$out")"
run vsock-notify run --help
verdict deb-program-of-run "$(same "exit status" 0 "$status"; same "standard error" "" "$err")"
run vsock-notify status --help
verdict deb-program-of-status "$(same "exit status" 0 "$status"; same "standard error" "" "$err")"
verdict deb-catalog "$(journalctl --list-catalog 2>&1 | grep -q vsock-notify || echo "the journal's catalog has nothing of it")"
run vsock-notify plugins
verdict deb-plugin "$(grep -qE '/usr/lib/[^/]+/vsock-notify/notify\.so' <<<"$out" || echo "vsock-notify plugins says: $out $err")"
verdict deb-plugin-abi "$(
	abi=$(sed -n 's/^#define VSN_ABI_VERSION //p' /usr/include/vsock-notify-plugin.h)
	same Provides "vsock-notify-plugin-abi-$abi" "$(dpkg-query --show --showformat='${Provides}' vsock-notify)"
)"
verdict deb-configuration-folder "$(
	same "/etc/vsock-notify" "drwxr-xr-x root:root" "$(stat -c '%A %U:%G' /etc/vsock-notify)"
)"

# manuals: "NAME SECTION" of all that the units refer to.
manuals() {
	sed -n 's/^Documentation=//p' "${units[@]/#/$folder/}" | tr ' ' '\n' | sed -n 's/^man:\(.*\)(\([0-9]\))$/\1 \2/p' | sort -u
}
verdict deb-manuals-of-units "$(
	[[ -n $(manuals) ]] || echo "the units name none"
	manuals | while read -r name section; do
		[[ -e /usr/share/man/man$section/$name.$section.gz ]] || echo "there is no $name($section)"
	done
)"

# ---- units

for unit in "${units[@]}"; do
	run systemd-analyze verify --man=no "$folder/$unit"
	verdict "deb-verify-$unit" "$(same "exit status" 0 "$status"; same "standard error" "" "$err")"
done
verdict deb-nothing-enabled "$(
	systemctl list-unit-files --no-legend "${units[@]}" | while read -r name state _; do
		[[ $state == disabled || $state == static ]] || echo "$name is $state"
	done
	systemctl list-units --all --no-legend 'vm@*' 'vsock-notify@*'
)"
verdict deb-shim-by-socket "$(
	quietly systemctl start vsock-notify@test.socket
	printf 'READY=1' | socat -u - UNIX-CONNECT:/run/vsock-notify/test.vsock_1234
	until_active vsock-notify@test.service
	quietly systemctl stop vsock-notify@test.socket vsock-notify@test.service
)"

# ---- upgraded, purged

verdict deb-purge-leaves-nothing "$(
	quietly dpkg --purge vsock-notify vsock-notify-dev
	all_files | diff "$work/before" - | grep '^[<>]'
)"
verdict deb-upgrade-keeps-the-configuration "$(
	quietly dpkg --install /packages/this.deb
	echo 'VM_ARGS=--cpus boot=2' >/etc/vsock-notify/one.conf
	chmod 600 /etc/vsock-notify/one.conf
	before=$(stat -c '%A %U:%G %Y' /etc/vsock-notify/one.conf)
	quietly systemctl start vsock-notify@test.socket
	quietly dpkg --install /packages/next.deb
	same "the installed version" "$VERSION+1" "$(dpkg-query --show --showformat='${Version}' vsock-notify)"
	same one.conf 'VM_ARGS=--cpus boot=2' "$(</etc/vsock-notify/one.conf)"
	same "its state" "$before" "$(stat -c '%A %U:%G %Y' /etc/vsock-notify/one.conf)"
	same "the socket, which was started before," active "$(systemctl show -P ActiveState vsock-notify@test.socket)"
	quietly systemctl stop vsock-notify@test.socket
)"
# What an administrator wrote is the administrator's.
verdict deb-purge-leaves-the-administrators-files "$(
	quietly dpkg --purge vsock-notify
	same "what is left" "/etc/vsock-notify /etc/vsock-notify/one.conf" \
		"$(all_files | diff "$work/before" - | sed -n 's/^[<>] \([^ ]*\).*/\1/p' | paste -sd' ')"
)"
summary
