#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# boot-host.sh IMAGE IN OUT: boots the host of make-image.sh in software emulation. It sees the folder IN as /in and may write to
# OUT, its /out: it runs IN/tests/linux-guest/drive.sh (see image/host/.../drive.service), whose output is OUT/report as it goes
# on, and powers itself off. OUT also keeps its journal and console. Ends as the drive did; 124: it was not done in time.
# T is the time limit in seconds (900). CPUS: how many the host has (1).
set -euo pipefail

[ $# -eq 3 ] || { echo "usage: boot-host.sh IMAGE IN OUT" >&2; exit 2; }
image=$1 in=$2 out=$3
here=$(cd "$(dirname "$0")" && pwd)
rm -f "$out/result"

# -cpu max: with SVM and XSAVE, which KVM and cloud-hypervisor 52 want; without la57, as this KVM has trouble with 5 levels.
# oops=panic and -no-reboot: a crashed kernel ends the run at once. No mitigations: nobody attacks here, and emulation is slow.
status=0
timeout --foreground --kill-after=10 "${T:-900}" "$here/../real-guest/qemu.sh" -accel "tcg,thread=${THREAD:-single},tb-size=1024" \
	-machine q35 -cpu max,-la57 -smp "${CPUS:-1}" -m 6144 -nodefaults -no-user-config -display none -no-reboot \
	-serial "file:$out/console" \
	-virtfs "local,path=$in,mount_tag=in,security_model=none,readonly=on" \
	-virtfs "local,path=$out,mount_tag=out,security_model=none" \
	-kernel "$image/vmlinuz" -initrd "$image/initrd" \
	-append "console=ttyS0 quiet panic=-1 oops=panic mitigations=off nokaslr ${APPEND:-}" \
	</dev/null >"$out/qemu.log" 2>&1 || status=$?

[ "$status" != 124 ] || exit 124
if [ ! -f "$out/result" ]; then
	echo "boot-host.sh: the host did not come to its end (QEMU: $status), see $out/console" >&2
	exit 1
fi
read -r result code <"$out/result"
case $result in
success) ;;
exit-code) exit "$code" ;; # 124: timeout's
*)
	echo "boot-host.sh: the drive ended by $result $code" >&2
	exit 1
	;;
esac
