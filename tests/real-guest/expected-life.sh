# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154 # $suite
# For sourcing: what one life of the guest must have come to. Each check_* takes the folder that guest-life.sh left and
# prints what is wrong with it, nothing where all is right. $suite is the guest's Debian release.

# What the guest's PID 1 says, from boot to power off, without the X_SYSTEMD_ before it; + and - are UNIT_ACTIVE= and
# UNIT_INACTIVE= of a target, READY is its first READY=1. Within a line the order is systemd's own business. systemd 262 (forky)
# sends the machine id first and has imports.target; 254 (bookworm-backports) says READY=1 only.
names=$'HOSTNAME=guestvm\nMACHINE_ID=ID' imports=
[ "$suite" != forky ] || names=$'MACHINE_ID=ID\nHOSTNAME=guestvm' imports=imports
expected_said="$names"'
SIGNALS_LEVEL=2
'"${imports:++$imports}"' +paths +remote-fs +slices +swap
+local-fs-pre
+local-fs
+sysinit
+timers +sockets
+basic
+getty
READY
+multi-user
-multi-user -getty -timers
-basic
-paths -remote-fs -slices -sockets -sysinit '"${imports:+-$imports}"' -local-fs -local-fs-pre -swap
+shutdown +umount
+final
+exit
SHUTDOWN=poweroff'
[ "$suite" != bookworm-backports ] || expected_said=READY

# What vsock-notify logged (READY=1 at debug level only) of what the guest's PID 1 said, in its order.
guest_said() {
	sed -nE 's/^.*guest: (.*)\.target is active$/+\1/p; s/^.*guest: (.*)\.target is inactive$/-\1/p
		s/^.*guest: X_SYSTEMD_//p; s/^.*guest [0-9]+: "READY=1.*$/READY/p' "$1/shim.log" |
		sed -E 's/^(MACHINE_ID)=[0-9a-f]{32}$/\1=ID/'
}

# The datagrams that the host was sent, in their order.
host_told() {
	sed -n 's/^[0-9]*\t//p' "$1/told"
}

check_ends() {
	[ "$(cat "$1/boot.status")" = 0 ] || echo "the guest ended with $(cat "$1/boot.status") (124: not in time)"
	[ "$(cat "$1/shim.status")" = 0 ] || echo "vsock-notify ended with $(cat "$1/shim.status")"
	[ "$(cat "$1/sink.status")" = 0 ] || echo "the sink ended with $(cat "$1/sink.status")"
}

check_said() {
	guest_said "$1" | awk -v expected="$expected_said" '
		BEGIN {
			lines = split(expected, line, "\n")
			for (i = 1; i <= lines; i++) {
				words = split(line[i], word, " ")
				for (j = 1; j <= words; j++)
					stage[word[j]] = i
			}
		}
		!($0 in stage) { print "unexpected: " $0; next }
		$0 == "READY" && ready++ { next } # again after each STATUS of jobs that wait
		seen[$0]++ { print "twice: " $0; next }
		stage[$0] < reached { print "too late: " $0 }
		stage[$0] > reached { reached = stage[$0] }
		END {
			for (i = 1; i <= lines; i++) {
				words = split(line[i], word, " ")
				for (j = 1; j <= words; j++)
					if (!(word[j] in seen))
						print "missing: " word[j]
			}
		}'
}

# Only these fields may pass; the guest's exit status once, as its last word, and not that of a program in the guest. systemd 254
# sends one in the same way as programs, so none passes.
# BARRIER=1 is vsock-notify's own, to learn when the host has taken everything in.
check_told() {
	local told exits
	told=$(host_told "$1" | grep -vx BARRIER=1)
	grep -vE '^(READY=1|STATUS=.*|EXIT_STATUS=42)$' <<<"${told//'\n'/$'\n'}" | sed 's/^/not to be passed on: /'
	grep -qE '^READY=1(\\n|$)' <<<"$told" || echo "no READY=1"
	exits=$(grep -cE '(^|\\n)EXIT_STATUS=' <<<"$told") || [ "$suite" = bookworm-backports ] || echo "no EXIT_STATUS="
	[ "$exits" -le 1 ] || echo "EXIT_STATUS= $exits times"
	[ "$suite" = bookworm-backports ] || tail -n 1 <<<"$told" | grep -qE '(^|\\n)EXIT_STATUS=42(\\n|$)' || echo "EXIT_STATUS=42 is not the last word"
}

check_notifications() {
	local report
	report=$(tr -d '\r' <"$1/report")
	grep -E '^n[0-9]+ failed$' <<<"$report"
	grep -qx 'failed: 0' <<<"$report" || echo "not all 60 systemd-notify calls succeeded in the guest"
	diff <(seq -f 'STATUS=n%g' 60) <(host_told "$1" | grep -E '^STATUS=n[0-9]+$') |
		sed -n 's/^</lost or late:/p; s/^>/too much or early:/p'
}
