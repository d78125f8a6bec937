#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The fuzz targets without libFuzzer, in seconds: every seed, and FUZZ_MUTATIONS (20000) mutations, the same each time.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../lib.sh"

mutations=${FUZZ_MUTATIONS:-20000}
findings=$build/findings

# replay TARGET
replay() {
	local name=$1 said
	mkdir -p "$findings"
	said=$("$build/tests/fuzz/$name" -n "$mutations" -o "$findings/$name" "$top/tests/fuzz/corpus/$name" 2>&1)
	status=$?
	verdict "corpus $name" "$( ((status == 0)) || echo "$said")"
}

# The seeds are what the captures and make-corpus.sh say; others may be there beside them.
seeds_are_made() {
	local made=$work/corpus file
	"$top/tests/fuzz/make-corpus.sh" "$made" || echo "make-corpus.sh fails"
	while IFS= read -r file; do
		cmp -s "$made/$file" "$top/tests/fuzz/corpus/$file" ||
			echo "corpus/$file is not what make-corpus.sh makes"
	done < <(cd "$made" && find . -type f)
}

verdict 'seeds are as they are made' "$(seeds_are_made)"
for source in "$top"/tests/fuzz/fuzz_*.c; do
	name=${source##*/fuzz_}
	name=${name%.c}
	require_built "tests/fuzz/$name"
	replay "$name"
done
summary
