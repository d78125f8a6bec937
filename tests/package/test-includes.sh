#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The check of who may include whom finds a forbidden #include in each folder: in a copy of the tree, one is added to each folder
# in turn.
#	tests/package/test-includes.sh

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

copy=$work/tree
mkdir -p "$copy/docs"
cp "$top/docs/architecture.md" "$copy/docs"
(cd "$top" && find vsock-notify -name '*.[ch]' -exec cp --parents {} "$copy" \;)

check() {
	"$top/tests/check-includes.sh" "$copy" 2>&1
}

verdict tree "$(check)"

# What no folder may include: a program's own header, but in the programs', where it is another program's.
forbidden() {
	case $1 in
	run) echo serve/commands.h ;;
	completion) echo guest/connection.h ;;
	*) echo run/run.h ;;
	esac
}

mapfile -t folders < <(cd "$copy/vsock-notify" && find . -name '*.[ch]' -printf '%P\n' | sed 's|/[^/]*$||' | sort -u)
for folder in "${folders[@]}"; do
	file=$(find "$copy/vsock-notify/$folder" -maxdepth 1 -name '*.[ch]' | sort | head -n 1)
	cp "$file" "$work/kept"
	echo "#include \"$(forbidden "$folder")\"" >>"$file"
	found=$(check)
	status=$?
	verdict "forbidden-in-$folder" "$(
		[[ $status != 0 ]] || echo "the check passes"
		[[ $found == "${file#"$copy"/vsock-notify/}"* ]] || echo "it says \"$found\""
	)"
	cp "$work/kept" "$file"
done

# A folder that the table does not name is not a way around it.
mkdir "$copy/vsock-notify/elsewhere"
echo '#include "base/log.h"' >"$copy/vsock-notify/elsewhere/new.c"
verdict folder-without-a-row "$(check >/dev/null && echo "the check passes")"
rm -r "$copy/vsock-notify/elsewhere"

# Nor is a path that leaves the folder.
echo '#include "../base/log.h"' >>"$copy/vsock-notify/state/state.c"
verdict path-upwards "$(check >/dev/null && echo "the check passes")"

summary
