#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# test-host.sh: units of VMs, started by "vsock-notify run", under a real systemd as the host's service manager, which runs in
# a container of its own: README.md says how. A line a case: ok, not ok or skip, and figures after a #. With CHECK_STRICT=1 a
# skipped case is a failed one, unless it says "(optional)". build/host/last keeps the host's journal, log and console.
#   CLOUD_HYPERVISOR (one path or more, separated by spaces), FIRECRACKER   VMMs that are tried with KVM, beside QEMU
#   STARTS (200), QEMU_STARTS (25), SOCAT_STARTS (25)   how many in a row, with KVM, under QEMU, and of socat
#   CASES   the files of cases/ to run, without .sh (all)
#   HOST_SUITE   the host's Debian release (trixie)
#   T   time limit in seconds, of all of it (1500)
#   VSOCK_NOTIFY   another program than the one in BUILD= (build/)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=$(realpath "${BUILD:-$top/build}")
shim=$(realpath "${VSOCK_NOTIFY:-$build/vsock-notify}")
kept=$top/build
suite=${HOST_SUITE:-trixie}
root=$kept/host/root-$suite
last=$kept/host/last
stand_in=$kept/host/stand-in/cloud-hypervisor
installed=$kept/host/installed

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
	"$here/../tools/need.sh" "the host" systemd-container:"runs a systemd of its own" &&
		"$here/make-root.sh" "$root" "$suite" &&
		"$here/../tools/debian-unpack.sh" trixie "$kept/debian/trixie/qemu-system-x86" qemu-system-x86 &&
		"$here/../tools/debian-unpack.sh" forky "$kept/debian/forky/vhost-device-vsock" vhost-device-vsock
}

make_stand_in() {
	mkdir -p "$(dirname "$stand_in")"
	"${CC:-cc}" -std=c17 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Wshadow -Werror -pthread -o "$stand_in" "$here"/stand-in/*.c
	ln -sf cloud-hypervisor "$(dirname "$stand_in")/firecracker"
}

# As a package has it: the shipped units start this program, the tests' own units start $shim.
make_installed() {
	rm -rf "$installed"
	env -u MAKEFLAGS -u MAKELEVEL make -s --no-print-directory -C "$top" BUILD="$build" install DESTDIR="$installed" PREFIX=/usr
}

# What the host sees of this machine, all of it read-only but /dev/kvm and /out; paths there do not depend on those here.
binds=(
	--bind-ro="$top/tests:/project/tests"
	--bind-ro="$installed:/installed"
	--bind-ro="$kept/debian/trixie/qemu-system-x86:/project/build/debian/trixie/qemu-system-x86"
	--bind-ro="$kept/debian/forky/vhost-device-vsock:/project/build/debian/forky/vhost-device-vsock"
	--bind-ro="$build/guest/guest.elf:/guest.elf"
	--bind-ro="$(dirname "$stand_in"):/stand-in"
	--bind-ro="$(dirname "$shim"):/shim"
)

# add_vmm LABEL NAME PROGRAM: to be tried; its name matters, as the wrapper knows a VMM by it.
add_vmm() {
	binds+=(--bind-ro="$(realpath "$3"):/vmm/$1/$2")
}

add_vmms() {
	local program version
	for program in ${CLOUD_HYPERVISOR:-}; do
		version=$("$program" --version | sed -n 's/^cloud-hypervisor v\([0-9.]*\).*/\1/p')
		add_vmm "cloud-hypervisor-$version" cloud-hypervisor "$program"
	done
	[ -z "${FIRECRACKER:-}" ] || add_vmm firecracker firecracker "$FIRECRACKER"
	[ -n "${CLOUD_HYPERVISOR:-}" ] || report "skip cloud-hypervisor: (optional) set CLOUD_HYPERVISOR=/path to try it with real KVM"
	[ -n "${FIRECRACKER:-}" ] || report "skip firecracker: (optional) set FIRECRACKER=/path to try it with real KVM"
	[ ! -c /dev/kvm ] || binds+=(--bind=/dev/kvm)
}

mkdir -p "$kept/host"
exec 8>"$kept/host/test.lock" # one after the other
flock 8
rm -rf "$last"
mkdir -p "$last"
: >"$last/report"
if [ "$(uname -m)" != x86_64 ]; then
	report "skip host: the guest is made for x86-64, on x86-64"
	conclude
elif [ "$(id -u)" != 0 ]; then
	report "skip host: only root can boot a container"
	conclude
elif ! prepare >"$last/prepare.log" 2>&1; then
	tail -n 20 "$last/prepare.log" >&2
	report "skip host: the host could not be made, see $last/prepare.log"
	conclude
fi
for file in "$shim" "$build/guest/guest.elf"; do
	if [ ! -e "$file" ]; then
		report "not ok setup: $file is not there; build it first"
		conclude
	fi
done
make_stand_in
make_installed
add_vmms

{
	echo "SHIM=/shim/$(basename "$shim")"
	echo "STARTS=${STARTS:-200}"
	echo "QEMU_STARTS=${QEMU_STARTS:-25}"
	echo "SOCAT_STARTS=${SOCAT_STARTS:-25}"
	echo "CASES='${CASES:-}'"
} >"$last/environment"
status=0
T=$((${T:-1500} - 90)) "$here/host.sh" "$root" "$last" /project/tests/host/drive.sh "${binds[@]}" | sed '/^[0-9]* passed, [0-9]* failed$/d' |
	tee -a "$last/report" || status=${PIPESTATUS[0]}
if [ "$status" != 0 ] && ! grep -q '^not ok ' "$last/report"; then
	report "not ok host: the drive ended with $status (124: not in time), see $last"
fi
conclude
