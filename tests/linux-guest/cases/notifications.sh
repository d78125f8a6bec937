# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# A hundred systemd-notify in a row. VMMs that answer an RST with an RST lose a third of them, whatever the bridge: how many
# failed is a figure. What must hold: what was sent, as the guest says, has arrived, in order, and nothing twice.

sent_and_told() {
	told | sed -nE 's/^STATUS=n([0-9]+)$/\1/p' >"$work/arrived"
	sort -nuc "$work/arrived" 2>&1 | sed 's/^/out of order, or twice: /'
	sed -nE 's/^sent ([0-9]+)$/\1/p' "$work/said" | grep -vxFf "$work/arrived" | sed 's/^/sent, but never arrived: /'
}

vm one
judge notifications-arrive-in-order "$(
	up
	in_guest 'export NOTIFY_SOCKET=vsock-stream:2:1234
		for i in {1..100}; do if systemd-notify --status=n$i; then echo sent $i; else echo failed $i; fi; done' >"$work/said"
	same "the number of answers from the guest" 100 "$(grep -cE '^(sent|failed) [0-9]+$' "$work/said")"
	until_so sent_and_told
)"
figure "100 systemd-notify in a row: $(grep -c '^failed ' "$work/said") failed, $(wc -l <"$work/arrived") arrived," \
	"$(empty_connections) connections without a byte"
grep -vE '^(sent|failed) [0-9]+$' "$work/said" | sort | uniq -c | sort -rn | head -n 3 | sed 's/^/#   the guest: /'
