#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make-sample.sh: makes debian.state, the state that a real Debian guest's boot and power-off leave behind (tests/real-guest: emulated, a
# minute or two), and of it what is committed: debian.txt and docs/boot-timeline.svg. With --texts these two alone are made anew, after
# a change of how they look. BUILD= (build/) is where the programs are; tests/timeline/show is in BUILD/tests/timeline.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(realpath -m "${BUILD:-$root/build}")
image=$root/build/real-guest/image-trixie

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Nothing but a boot: no notifications of programs, and off again.
live() {
	"$here/../real-guest/make-image.sh" "$image" trixie
	mkdir "$work/out"
	echo 'systemctl is-system-running --wait; systemctl poweroff' >"$work/in-guest.sh"
	"$build/tests/notify-sink" "$work/host" >/dev/null 2>&1 &
	sink=$!
	# How it exits is the VMM's business: whether the guest lived and died is in its state.
	"$build/vsock-notify" run --notify-socket="$work/host" --vsock="$work/vsock" --vmm=other --credential=none \
		--name=debian --state="$work/state" --keep-state -- \
		"$here/../real-guest/boot.sh" "$image" "$work/vsock" "$work/in-guest.sh" "$work/out" >"$work/log" 2>&1 || status=$?
	kill "$sink"
	if ! grep -qx 'SHUTDOWN=poweroff' "$work/state"; then
		cat "$work/log" >&2
		echo "make-sample.sh: the guest did not boot and power off (exit status ${status:-0})" >&2
		exit 1
	fi
	# What differs from one machine to the next, and says nothing of the boot.
	sed -E 's|^VSOCK=.*|VSOCK=/run/vm/debian|; s/^(VMM_PID|PID|PID_START|PID_NAMESPACE)=.*/\1=1/; s/(X_SYSTEMD_MACHINE_ID=).*/\10123456789abcdef0123456789abcdef/' \
		"$work/state" >"$here/debian.state"
}

[[ ${1:-} == --texts ]] || live
"$build/tests/timeline/show" table "$here/debian.state" >"$here/debian.txt"
"$build/tests/timeline/show" svg "$here/debian.state" >"$root/docs/boot-timeline.svg"
