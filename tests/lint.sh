#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# "make lint": formatting, shell scripts, static analysis, the manual page. Prints what is wrong and fails then.
set -eu -o pipefail
cd "$(dirname "$0")/.."

tests/tools/need.sh "make lint" git:"names the files" clang-format:"C formatting" shellcheck:"shell scripts" cppcheck:"static analysis of C" \
	mandoc:"the manual page"

failed=0
check() {
	local what=$1
	shift
	if "$@"; then
		echo "ok $what"
	else
		echo "not ok $what"
		failed=1
	fi
}

mapfile -t c_files < <(git ls-files '*.c' '*.h')
mapfile -t product < <(git ls-files 'vsock-notify/*.c')
mapfile -t scripts < <(git ls-files '*.sh' .ci/run)
mapfile -t manuals < <(git ls-files 'docs/*.[1-8]')

# No character of these would show in a review.
no_trailing_space() {
	! git grep -nIE '[[:space:]]+$' -- ':!*.patch' ':!*.tsv'
}

# What the guest's PID 1 says is read in one place. show/ looks up what a state recorded, by the field's name.
one_reader_of_pid1() {
	! git grep -nI X_SYSTEMD -- vsock-notify/{base,bridge,cli,confine,guest,manager,pluginhost,run,serve,state}
}

check formatting clang-format --dry-run --Werror "${c_files[@]}"
check 'shell scripts' shellcheck -S warning -x -P SCRIPTDIR "${scripts[@]}"
check 'static analysis' cppcheck --quiet --std=c11 -D_GNU_SOURCE -Ivsock-notify -DPLUGIN_DIR='""' --enable=warning,performance,portability \
	--suppress=missingIncludeSystem --inline-suppr --error-exitcode=1 "${product[@]}"
check 'includes' tests/check-includes.sh .
check 'manual page' mandoc -T lint -W warning "${manuals[@]}"
check 'trailing space' no_trailing_space
check "who reads PID 1's fields" one_reader_of_pid1
exit "$failed"
