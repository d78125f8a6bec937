#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# from-journal.sh JOURNAL PID: prints a capture of what a guest said, by what vsock-notify, whose process id in the journal is PID,
# logged of it at debug level. JOURNAL is as "journalctl -o short-monotonic" prints it (build/linux-guest/last/journal).
# A capture is one life: what belongs to the next one is for its reader to cut off.
set -euo pipefail

[ $# -eq 2 ] || { echo "usage: from-journal.sh JOURNAL PID" >&2; exit 2; }
# The log escapes as captures do, in C's way.
sed -nE "s/^\[ *([0-9.]+)\] [^ ]+ vsock-notify\[$2\]: guest [0-9]+: \"(.*)\"\$/\1\t\2/p" "$1" |
	awk -F'\t' '{ if (!start) start = $1; printf "%.3f\t%s\n", $1 - start, $2 }'
