#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# states.sh DIR: writes state files of boots of every kind to DIR, NAME.state each, for what is shown of them to be looked at:
# 1 to 64 units, 10 ms to an hour, ready or not, and texts and times of a guest, or of a file, that means no good.
set -eu -o pipefail
dir=${1:?usage: states.sh DIR}
mkdir -p "$dir"

# state NAME START FIRST READY [LINE...]: times are milliseconds after 1000 s; "-" has not come. Standard input has
# units, "MILLISECONDS NAME", each told by a notification of its own.
state() {
	local name=$1 start=$2 first=$3 ready=$4
	shift 4
	name=$name lines=$(printf '%s\n' "$@") awk -v start="$start" -v first="$first" -v ready="$ready" '
		function usec(ms) { return sprintf("%.0f", 1e9 + ms * 1000) }
		BEGIN {
			name = ENVIRON["name"]
			lines = ENVIRON["lines"]
			print "VSOCK_NOTIFY_STATE=1\nNAME=" name "\nVSOCK=/run/vm/" name "\nPORT=1234"
			print "REALTIME_USEC=1795000000000000\nLISTENING_USEC=" usec(start - 1)
			print "STARTED_USEC=" usec(start)
			if (first != "-") print "FIRST_USEC=" usec(first)
			if (ready != "-") print "READY_USEC=" usec(ready)
			if (first != "-") print "BOOTS=1"
			if (lines != "") print lines
		}
		{
			at = $1
			sub(/^[^ ]* /, "")
			print "UNIT=" usec(at) " 1 " $0
			held = 300 + NR * 7919 % 4000
			print "HELD=" usec(at - 0.2) " " held " 40"
		}
		END { print "END=1" }' >"$dir/$name.state"
}

# units COUNT FROM TO [NAME]: so many, evenly, up to a time; "#" in NAME is the number.
units() {
	name=${4:-unit-#.service} awk -v count="$1" -v from="$2" -v to="$3" 'BEGIN {
		for (i = 1; i <= count; i++) {
			text = ENVIRON["name"]
			gsub(/#/, i, text)
			print from + (to - from) * i / count " " text
		}
	}'
}

ready='STATE=ready'
long=very-long-name-of-a-unit-that-does-not-fit-into-any-column-of-a-picture-whatever-its-width-@some-instance.service

units 1 4 8 | state one-unit-10ms 0 4 10 "$ready"
units 64 900000 3500000 | state many-units-1h 0 900000 3550000 "$ready"
units 32 20 900 "#-$long" | state many-long-names 0 20 1000 "$ready"
units 12 9000 9400 | state slow-kernel 0 9000 9500 "$ready"
units 3 9990 9999 | state all-kernel 0 9990 10000 "$ready" VMM_PID=7
units 20 10 9800 | state slow-units 0 10 10000 "$ready"
state long-step 0 500 9600 "$ready" <<<$'9300 long-step.target\n9400 next.target'
state no-units 0 500 800 "$ready" </dev/null
state waiting 0 - - STATE=waiting </dev/null
units 5 500 4000 | state pending 0 500 - STATE=booting SINCE_USEC=1000500000 \
	'STATUS=(1 of 5) User job systemd-udevd.service/start running (19s / 1min 43s), and this is a line that is much too long to be shown as it is in one line...'
units 5 500 4000 | state emergency 0 500 - STATE=emergency SINCE_USEC=1004500000
units 5 500 4000 | state panicked 0 500 - STATE=panicked SINCE_USEC=1005000000 BOOTS=3
units 5 500 4000 | state ended-at-once 0 500 - STATE=stopped SINCE_USEC=1005000000
state stopped 0 800 3000 STATE=stopped SINCE_USEC=1065000000 SHUTDOWN=poweroff <<-'UNITS'
	1500 sysinit.target
	2500 basic.target
	3010 multi-user.target
	45000 ssh-access.target
	60000 shutdown.target
	60100 umount.target
	60200 final.target
UNITS
# Two messages were lost before it was ready, one later; more than the state has times of.
units 5 500 4000 | state lost 0 500 4100 "$ready" LOST_MESSAGES=30 LIFE_LOST_MESSAGES=21 \
	LOST=1000200000 LOST=1002000000 LOST=1060000000
# The bridge listened for a day before the VM came.
units 4 86400500 86401500 | state listened-long 0 86400500 86402000 "$ready" LISTENING_USEC=1000000000

# What a guest can send, as a state file has it.
units 4 100 900 'x#<script>alert("&")</script>]]>'"'"'<!--#.target' | state hostile-xml 0 100 1000 "$ready" \
	'FIELD=1 1 X_SYSTEMD_HOSTNAME=</text>' 'NAME=</title><script>alert(1)</script>&amp;'
{
	units 2 100 900 '#\xe2\x80\xaeright-to-left\x1b[31m.target' # as bytes, escaped in the file
	units 2 901 950 '#z\xcc\x80\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86\xcc\x87algo.target'
	units 2 951 980 '#ÄäÖöΣΩЖж漢字かな한국\xf0\x9f\x92\xa9.target'
} | state hostile-utf8 0 100 1000 "$ready"
units 30 100 990 '#WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW@%mm.WWW' |
	state hostile-wide 0 100 1000 STATE=stopping SINCE_USEC=1000990000 "SHUTDOWN=<W&W>W%WWWWWWWWWWWWWWWWWWWWW" UNITS_LOST=4294967295
# Times that cannot be.
state hostile-times 5000 100 3 "$ready" LOST=18446744073709551615 LOST=0 LIFE_LOST_MESSAGES=18446744073709551615 HELD='18446744073709551615 4294967295 1' \
	'UNIT=18446744073709551615 1 end-of-time.target' 'UNIT=1 1 before.target' <<<'2 before-start.target'
