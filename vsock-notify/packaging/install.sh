#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# "make install" and "make uninstall", by one list of what is installed:
#	install.sh install|uninstall RECORD MODE:FOLDER[/SUBFOLDER]:FILE...
#	install.sh check FOLDER...
# FOLDER is the name of a variable of the environment, such as BINDIR; DESTDIR goes before its value. check is for who writes
# the values into files.
# No file can be told from its absence afterwards, but a folder that is empty after uninstall may have been there, empty,
# before install. So the folders that install makes are noted in RECORD, and uninstall removes those only; where RECORD
# was lost, that is the folder that is ours alone (LIBDIR/vsock-notify).
set -euo pipefail

usage="usage: install.sh install|uninstall RECORD MODE:FOLDER[/SUBFOLDER]:FILE... or check FOLDER..."
(($# >= 2)) || { echo "$usage" >&2; exit 2; }
action=$1
shift

fail() {
	echo "install.sh: $*" >&2
	exit 1
}

# Values go into units, programs and the pkg-config file, where these characters mean nothing.
check() {
	local folder
	for folder; do
		[[ ${!folder:-} =~ ^/[A-Za-z0-9/._+~@:=-]*$ ]] ||
			fail "$folder is \"${!folder:-}\": it must begin with / and have letters, digits and any of / . _ + ~ @ : = - only"
	done
}

# split ENTRY: $mode, $file, and $target, the folder it goes into.
split() {
	local folder
	IFS=: read -r mode folder file <<<"$1"
	check "${folder%%/*}"
	target=${folder%%/*}
	target=${DESTDIR:-}${!target}${folder#"${folder%%/*}"}
	[[ $target == /* ]] || target=$PWD/$target
	target=$(realpath -ms -- "$target")
}

make_folder() {
	[[ ! -d $1 ]] || return 0
	make_folder "$(dirname -- "$1")"
	install -d -m 755 -- "$1"
	printf '%s\n' "$1" >>"$record"
}

install_all() {
	local entry mode file target
	mkdir -p -- "$(dirname -- "$record")"
	for entry; do
		split "$entry"
		make_folder "$target"
		install -m "$mode" -- "$file" "$target/"
	done
}

uninstall_all() {
	local entry mode file target folder
	local -A emptied=() left=()
	for entry; do
		split "$entry"
		rm -f -- "$target/${file##*/}"
		[[ ! -d $target || $target != */vsock-notify ]] || rmdir --ignore-fail-on-non-empty -- "$target"
		for ((; ${#target} > 1; )); do
			emptied[$target]=1
			target=$(dirname -- "$target")
		done
	done
	[[ -f $record ]] || return 0
	while IFS= read -r folder; do
		[[ -d $folder ]] || continue
		[[ -z ${emptied["$folder"]:-} ]] || rmdir --ignore-fail-on-non-empty -- "$folder"
		[[ ! -d $folder ]] || left[$folder]=1
	done < <(sort -ru -- "$record") # what is in a folder is before it
	((${#left[@]} == 0)) || printf '%s\n' "${!left[@]}" | sort >"$record.left"
	rm -f -- "$record"
	[[ ! -f $record.left ]] || mv -- "$record.left" "$record"
}

case $action in
check) check "$@" ;;
install)
	record=$1
	install_all "${@:2}"
	;;
uninstall)
	record=$1
	uninstall_all "${@:2}"
	;;
*)
	echo "$usage" >&2
	exit 2
	;;
esac
