# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Thirty targets started at once, then stopped: PID 1 announces each. How many announcements arrived is a figure, as PID 1 says
# nothing twice and a VMM may lose one. What must hold: none arrives twice.

announces || return 0
vm one
judge targets-are-announced-once "$(
	up
	in_guest 'systemctl start burst@{1..30}.target
		systemctl stop burst@{1..30}.target
		systemctl is-active burst@30.target' >"$work/said"
	same "burst@30.target" inactive "$(<"$work/said")"
	announcements burst@ | sort | uniq -d | sed 's/^/announced twice: /'
)"
figure "30 targets at once: $(announcements burst@ | sort -u | grep -c '^ACTIVE') of 30 announced as active," \
	"$(announcements burst@ | sort -u | grep -c '^INACTIVE') of 30 as inactive, $(empty_connections) connections without a byte"
