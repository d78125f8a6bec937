#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Launch lines as people write them, and the plan that "vsock-notify run" makes of each: tests/launch/lines.txt.
#	tests/launch/test-lines.sh [ENTRY...]
# With an entry's name, prints the plan of that entry.

# shellcheck disable=SC1091,SC2154 # lib.sh and table.sh set the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$(dirname "${BASH_SOURCE[0]}")/table.sh"

# differences EXPECTED ACTUAL: what is missing and what is too much. A line "says: PART" expects a part of what is logged.
differences() {
	awk '
		NR == FNR { if ($0 != "") want[++wants] = $0; next }
		$0 == "" { next }
		{
			for (i = 1; i <= wants; i++) {
				if (want[i] == "" || (want[i] != $0 && !(want[i] ~ /^says: / && $0 ~ /^says: / && index($0, substr(want[i], 7)))))
					continue
				want[i] = ""
				next
			}
			print "unexpected \"" $0 "\""
		}
		END { for (i = 1; i <= wants; i++) if (want[i] != "") print "missing \"" want[i] "\"" }' \
		<(printf '%s' "$1") <(printf '%s\n' "$2")
}

check() {
	local actual
	[[ -z ${names[*]} || " ${names[*]} " == *" $entry "* ]] || return
	actual=$(plan_as_text)
	if [[ -n ${names[*]} ]]; then
		printf '= %s\n%s\n' "$entry" "$actual"
		return
	fi
	[[ -n $source ]] || not_ok "$entry" "its source is not named"
	verdict "$entry" "$(differences "$expected" "$actual")"
}

names=("$@")
if [[ $(uname -m) != x86_64 ]]; then
	echo 'skip launch-lines: (optional) the plans of the table are those of a machine with SMBIOS, x86-64'
	exit 0
fi
for_each_entry check
[[ -n ${names[*]} ]] || summary
