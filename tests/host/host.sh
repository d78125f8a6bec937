#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# host.sh ROOT OUT DRIVE [NSPAWN OPTION...]: boots ROOT (of make-root.sh) as a host of its own in a container, with a real
# systemd as its service manager, runs the script DRIVE (a path as that host sees it) there as root, prints what it prints,
# and ends with its exit status; 124: it was not done in time. Nothing that happens there changes ROOT.
# OUT is the host's /out: what is in OUT/environment is in DRIVE's environment, and OUT keeps DRIVE's output, the host's
# journal and console. T is DRIVE's time limit in seconds (300). Needs root and systemd-nspawn.
set -euo pipefail

[ $# -ge 3 ] || { echo "usage: host.sh ROOT OUT DRIVE [NSPAWN OPTION...]" >&2; exit 2; }
root=$1 out=$(realpath "$2") drive=$3
shift 3
limit=${T:-300}

cat >"$out/drive.service" <<UNIT
[Unit]
Description=What is to be done on this host
After=multi-user.target

[Service]
Type=oneshot
TimeoutStartSec=$limit
TimeoutStopSec=30
EnvironmentFile=-/out/environment
StandardOutput=append:/out/log
StandardError=inherit
ExecStart=/bin/bash $drive
# systemd's words for how ExecStart= ended: timeout, or exit-code with the code
ExecStopPost=/bin/sh -c 'echo "\$SERVICE_RESULT \$EXIT_STATUS" >/out/result'
ExecStopPost=/bin/sh -c 'journalctl --no-pager -o short-monotonic >/out/journal'
ExecStopPost=/bin/systemctl --no-block --force poweroff
UNIT
rm -f "$out/log" "$out/result" "$out/journal"

# Its own network, in which there is nothing: units of this host can then have another one (PrivateNetwork=). And nspawn before
# 255 does not know the system calls of Landlock.
landlock="landlock_create_ruleset landlock_add_rule landlock_restrict_self"

# cgroup v2 only, whatever this machine has: systemd from 258 on knows no other.
# The drive's own limit ends it with everything kept; this one is for a host that does not come up or go down.
status=0
SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 timeout --foreground --kill-after=10 $((limit + 60)) systemd-nspawn --quiet --directory="$root" --volatile=overlay \
	--register=no --keep-unit --private-network --system-call-filter="$landlock" --boot --bind="$out:/out" \
	--bind-ro="$out/drive.service:/etc/systemd/system/drive.service" "$@" \
	systemd.wants=drive.service </dev/null >"$out/console" 2>&1 || status=$?

if [ ! -f "$out/result" ]; then
	echo "host.sh: the host did not come up, or not to its end (systemd-nspawn: $status):" >&2
	tail -n 20 "$out/console" >&2
	exit 1
fi
cat "$out/log"
read -r result code <"$out/result"
case $result in
success) ;;
timeout) exit 124 ;;
exit-code) exit "$code" ;;
*)
	echo "host.sh: the drive ended by $result $code" >&2
	exit 1
	;;
esac
