# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Boots in a row, BOOTS= of them: how many were ready.

vm one
ready=0 times=
for ((boot = 1; boot <= BOOTS; boot++)); do
	discard
	configure
	[[ -n $(start) ]] || ready=$((ready + 1)) times+=" $(<"$work/took")"
done
figure "READY in $ready of $BOOTS boots, after s:$times"
judge boots-are-ready "$(same "the number of boots that became ready" "$BOOTS" "$ready")"
