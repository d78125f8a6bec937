# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# BOOTS= boots in a row. What must hold: each guest becomes ready. How much else of what PID 1 said in its boot was lost is a
# figure, and how long the bridge held it in all. "busy-boots" is this case with a guest that has more to say.

vm one
ready=0
for ((boot = 1; boot <= BOOTS; boot++)); do
	discard
	mark
	rm -f "$store/console"
	configure systemd.wants=report.service "${boot_options:-}"
	systemctl start --no-block "$unit"
	complaint=$(patience=$((3 * patience)) until_so booted)
	[[ -n $complaint ]] || complaint=$(patience=20 await_property ActiveState '^active$')
	rm -f "$work/in-vain"
	[[ -n $complaint ]] || ready=$((ready + 1))
	figure "boot $boot: $(boot_figures)${complaint:+; }$complaint"
done
figure "READY in $ready of $BOOTS ${boot_options:+busy }boots"
judge "${boot_options:+busy-}boots-are-ready" "$(same "the number of boots that became ready" "$BOOTS" "$ready")"
