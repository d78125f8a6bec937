#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# "make fuzz": runs fuzz targets with libFuzzer, one after the other.
#	FUZZ_SECONDS=600 BUILD=build/fuzz tests/fuzz/fuzz.sh TARGET...
# FUZZ_RUNS=N: so many runs in place of a time, the same each time as long as nothing was learned.
# What a target learns is kept in $BUILD/corpus/TARGET for the next time; the seeds stay as they are. An input that
# ends a target (a failed check, a sanitizer's report, a leak, ten seconds) is kept in $BUILD/findings, and fails it.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../lib.sh"

seconds=${FUZZ_SECONDS:-600}
limit=(-max_total_time="$seconds")
[[ -z ${FUZZ_RUNS:-} ]] || limit=(-runs="$FUZZ_RUNS" -seed=1)
findings=$build/findings

# The longest input that makes sense: several messages; the others' need not be as long as one.
longest() {
	case $1 in
	message) echo 8192 ;;
	connection | frame) echo 1024 ;;
	*) echo 4096 ;;
	esac
}

# Why an input ends the target, in a line or two: what it said itself, and what the sanitizer sums up.
reason() {
	"$1" "$2" 2>&1 | grep -aE ': not so: |: runtime error: |^SUMMARY: ' | head -n 2
}

# fuzz TARGET
fuzz() {
	local name=$1 program=$build/tests/libfuzzer/$1 log=$work/$1.log finding complaint='' runs found
	mkdir -p "$build/corpus/$name" "$findings"
	touch "$work/begin"
	# Its own output is of no interest: a line for each input that is refused.
	nice "$program" "${limit[@]}" -max_len="$(longest "$name")" -timeout=10 -rss_limit_mb=1024 \
		-dict="$top/tests/fuzz/words.dict" -close_fd_mask=3 -print_final_stats=1 \
		-artifact_prefix="$findings/$name-" "$build/corpus/$name" "$top/tests/fuzz/corpus/$name" 2>"$log"
	status=$?
	while IFS= read -r finding; do
		complaint+="$finding: $(reason "$program" "$finding"); "
	done < <(find "$findings" -name "$name-*" -newer "$work/begin")
	if ((status != 0)) && [[ -z $complaint ]]; then
		complaint="exit status $status: $(tail -n 3 "$log")"
	fi
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	found=$(grep -aoE 'cov: [0-9]+' "$log" | tail -n 1)
	verdict "fuzz $name (${FUZZ_RUNS:+at most }${FUZZ_RUNS:-$seconds s}, ${runs:-?} runs, ${found:-cov: ?})" "$complaint"
}

for target; do
	require_built "tests/libfuzzer/$target"
	fuzz "$target"
done
summary
