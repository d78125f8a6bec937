#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# test-linux-guest.sh: real Debian guests in real VMMs, under a real systemd and a real KVM, on a host that is emulated:
# README.md says how. A line a case: ok, not ok or skip, and figures after a #. With CHECK_STRICT=1 a skipped case is a failed
# one, unless it says "(optional)". build/linux-guest/last keeps what the host left: report, journal, consoles.
#   CLOUD_HYPERVISOR, FIRECRACKER   the VMMs (each one path or more, separated by spaces); without any, nothing is tried
#   CASES        the files of cases/ to run, without .sh (all but those that take long)
#   SOCAT_CASES  those to run with socat in vsock-notify's place (start notifications targets microvm)
#   BOOTS        how many guests are booted in a row, for the case "boots" (0)
#   HOST_SUITE, GUEST_SUITE   Debian releases (trixie)
#   MICROVM_SRC  a checkout of microvm.nix, for the case "microvm"
#   LIMIT        time limit in seconds, of all of it (1800 for each VMM)
#   BUILD        where the product was built (build/)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=$(realpath -m "${BUILD:-$top/build}")
kept=$top/build/linux-guest
last=$kept/last
host=$kept/host-${HOST_SUITE:-trixie}
guest=$kept/guest-${GUEST_SUITE:-trixie}
in=$kept/in
read -ra programs <<<"${CLOUD_HYPERVISOR:-} ${FIRECRACKER:-}"
limit=${LIMIT:-$((1800 * ${#programs[@]}))}

# conclude: counts the lines of cases in $last/report, and ends.
conclude() {
	local passed failed
	passed=$(grep -c '^ok ' "$last/report") || [ $? -eq 1 ]
	failed=$(grep -c '^not ok ' "$last/report") || [ $? -eq 1 ]
	if [ "${CHECK_STRICT:-0}" = 1 ]; then
		failed=$((failed + $(grep '^skip ' "$last/report" | grep -vcF '(optional)' || [ $? -eq 1 ])))
	fi
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] || exit 1
	exit 0
}

report() {
	echo "$*" | tee -a "$last/report"
}

prepare() {
	"$here/make-image.sh" guest "$guest" "${GUEST_SUITE:-trixie}" &&
		"$here/make-image.sh" host "$host" "${HOST_SUITE:-trixie}" &&
		"$here/../real-guest/qemu.sh" --version
}

# add_vmm PROGRAM: to be tried. It is called by its name and version; the second of the same version has -2 after it.
add_vmm() {
	local program=$1 name version label i=1
	version=$("$program" --version | sed -nE '1s/^(cloud-hypervisor|Firecracker) v([^ ]*).*/\1 \2/p')
	read -r name version <<<"$version"
	[ -n "$version" ] || { report "not ok setup: $program is no cloud-hypervisor or Firecracker"; return; }
	name=${name,,} version=${version%-dirty}
	label=$name-$version
	while [ -e "$in/vmm/$label" ]; do
		label=$name-$version-$((i += 1))
	done
	mkdir -p "$in/vmm/$label"
	cp "$program" "$in/vmm/$label/$name"
	echo "# $label: $program"
}

# All that the host sees of this machine: the product as a package has it, the guest, the VMMs and the tests.
fill_in() {
	local program
	rm -rf "$in"
	mkdir -p "$in/vmm" "$in/guest"
	env -u MAKEFLAGS -u MAKELEVEL make -s --no-print-directory -C "$top" BUILD="$build" install DESTDIR="$in/installed" PREFIX=/usr
	mkdir "$in/tests"
	cp -r "$here" "$here/../lib.sh" "$here/../host" "$in/tests/"
	for program in "${programs[@]}"; do
		add_vmm "$program"
	done
	[ -z "${MICROVM_SRC:-}" ] || "$here/make-microvm.sh" "$MICROVM_SRC" "$in/microvm"
	ln "$guest"/vmlinu[xz] "$guest/initrd" "$in/guest/"
	{
		echo "T=$((limit - 120))"
		echo "CASES='${CASES:-}'"
		echo "SOCAT_CASES='${SOCAT_CASES-start notifications targets microvm}'"
		echo "GUEST_SUITE='${GUEST_SUITE:-trixie}'"
		echo "BOOTS='${BOOTS:-0}'"
	} >"$in/environment"
}

if [ ${#programs[@]} -eq 0 ]; then
	echo "skip linux-guest: (optional) set CLOUD_HYPERVISOR=/path or FIRECRACKER=/path to boot Linux guests in them"
	echo "0 passed, 0 failed"
	exit 0
fi
mkdir -p "$kept"
exec 8>"$kept/test.lock" # one after the other
flock 8
rm -rf "$last"
mkdir -p "$last"
: >"$last/report"
if [ "$(uname -m)" != x86_64 ]; then
	report "skip linux-guest: the guest is made for x86-64, on x86-64"
	conclude
elif ! prepare >"$last/prepare.log" 2>&1; then
	tail -n 20 "$last/prepare.log" >&2
	report "skip linux-guest: the host and the guest could not be made, see $last/prepare.log"
	conclude
fi
fill_in
status=0
T=$((limit - 30)) "$here/boot-host.sh" "$host" "$in" "$last" || status=$?
if [ "$status" = 124 ]; then
	report "not ok host: not done in time, see $last/console"
elif [ "$status" != 0 ] && ! grep -q '^not ok ' "$last/report"; then
	report "not ok host: the drive ended with $status, see $last"
fi
grep -vE '^[0-9]+ passed, [0-9]+ failed$' "$last/report" # the drive's own sum
conclude
