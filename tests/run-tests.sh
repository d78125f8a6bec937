#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs test programs one after the other and counts what they report.
#	tests/run-tests.sh PROGRAM...
# A program reports a case a line, in TAP's words: "ok NAME", "not ok NAME: why", "skip NAME: why". A program
# that exits with another status than 0 without a "not ok", or reports nothing, counts as one failed case. With CHECK_STRICT=1
# a skipped case is a failed one, unless it says "(optional)". VERBOSE=1 shows passed cases too.
# T: a program's time limit in seconds (300).
set -u -o pipefail

passed=0
failed=0
skipped=0
report=$(mktemp)
trap 'rm -f "$report"' EXIT
trap 'exit 130' HUP INT TERM

count() {
	grep -cE "$1" "$report"
}

run() {
	local program=$1 status good bad missed
	timeout --kill-after=10 "${T:-300}" "$program" >"$report" 2>&1
	status=$?
	good=$(count '^ok ')
	bad=$(count '^not ok ')
	missed=$(count '^skip ')
	if [[ ${CHECK_STRICT:-0} == 1 ]]; then
		local hard
		hard=$(grep -E '^skip ' "$report" | grep -vcF '(optional)')
		((bad += hard, missed -= hard))
	fi
	if ((status != 0 && bad == 0)) || ((good + bad + missed == 0)); then
		bad=1
		echo "not ok ${program##*/}: exit status $status$( ((status != 124)) || echo ', the time limit')" >>"$report"
		tail -n 20 "$report" | sed 's/^/# /'
	fi
	echo "${program##*/}: $good passed, $bad failed, $missed skipped"
	if [[ ${VERBOSE:-0} == 1 ]]; then
		cat "$report"
	elif ((bad > 0)); then
		grep -vE '^ok |^1\.\.' "$report"
	else
		grep -E '^skip ' "$report"
	fi
	((passed += good, failed += bad, skipped += missed))
}

for program; do
	run "$program"
done
if ((skipped > 0)); then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
((failed == 0))
