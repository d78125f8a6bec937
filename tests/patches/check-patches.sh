#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Checks the series in patches/: that each patch could be sent, that each series is complete, and that its README.md and
# docs/patches.md name its patches. Needs no tree.
#	tests/patches/check-patches.sh
# Where CH_SRC=, MICROVM_SRC=, VHOST_SRC= or FC_SRC= names a git checkout of cloud-hypervisor, microvm.nix, vhost-device or
# Firecracker, each series for it is applied too, in a clone of its own: to the commit of 40 digits in the first lines of its
# README.md, or else to the tag with the folder's name. PATCHES and TABLE name other files than patches/ and docs/patches.md.
# A README's sections are headings, or paragraphs that begin in bold.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

patches=${PATCHES:-$top/patches}
table=${TABLE:-$top/docs/patches.md}
sections=(What Why Measured "How it was tried" "Upstream status")
trailer='^[A-Z][A-Za-z-]*: '

# check_message: checks the message that git mailinfo has written to $work/info and $work/message.
check_message() {
	local author email subject signed body
	author=$(sed -n 's/^Author: //p' "$work/info")
	email=$(sed -n 's/^Email: //p' "$work/info")
	subject=$(sed -n 's/^Subject: //p' "$work/info")
	signed=$(grep -c "^Signed-off-by: $author <$email>\$" "$work/message")
	[[ -n $author && $email == *@* ]] || echo "it has no author"
	[[ $subject =~ ^[a-z].*:\ . ]] || echo "its subject does not say what of: $subject"
	((${#subject} <= 72)) || echo "its subject has ${#subject} characters"
	((signed == 1)) || echo "it is not signed off, once, by its author"
	body=$(grep -vE "$trailer" "$work/message" | grep -c '[a-z]')
	((body >= 2)) || echo "its body says too little: why?"
	grep -qE '^Upstream-Status: .' "$work/message" || echo "it has no Upstream-Status:"
	awk 'length > 80 { print "a line of its message is longer than 80: " $0 }' <(grep -vE "$trailer|https?://" "$work/message")
}

check_patch() {
	if ! git mailinfo "$work/message" "$work/diff" <"$1" >"$work/info" 2>"$work/error"; then
		echo "git mailinfo: $(<"$work/error")"
		return
	fi
	check_message
	{ git apply --numstat "$work/diff" >/dev/null; } 2>&1
	awk -f "$top/tests/patches/recount.awk" "$1"
}

# check_series FOLDER: checks the other files of the folder.
check_series() {
	local folder=$1 section patch name=${1#"$patches/"}
	same "its series" "$(find "$folder" -maxdepth 1 -name '*.patch' -printf '%f\n' | sort)" "$(cat "$folder/series" 2>&1)"
	same "what else is there" "" "$(find "$folder" -mindepth 1 ! -name '*.patch' ! -name series ! -name README.md -printf '%f ')"
	if [[ ! -f $folder/README.md ]]; then
		echo "it has no README.md"
		return
	fi
	for section in "${sections[@]}"; do
		grep -qE "^(#+ |\*\*)$section\>" "$folder/README.md" || echo "README.md has no section $section"
	done
	while IFS= read -r patch; do
		grep -qF "${patch%%-*}" "$folder/README.md" || echo "README.md does not name ${patch%%-*}"
		grep -sE '^\|' "$table" | grep -F "patches/$name/" | grep -qF "| ${patch%%-*} |" || echo "docs/patches.md has no row for $patch"
	done <"$folder/series"
}

# The table must name no folder that is not there.
check_table() {
	local name
	[[ -f $table ]] || echo "there is no $table"
	while IFS= read -r name; do
		[[ -d $patches/$name ]] || echo "it names patches/$name, which is not there"
	done < <(grep -sE '^\|' "$table" | grep -oE 'patches/[^/)]+/[^/)]+' | sed 's|^patches/||' | sort -u)
}

# Prints the variable that may name a project's tree.
source_of() {
	case $1 in
	cloud-hypervisor*) echo CH_SRC ;;
	microvm.nix) echo MICROVM_SRC ;;
	vhost-device*) echo VHOST_SRC ;;
	firecracker) echo FC_SRC ;;
	esac
}

# apply FOLDER TREE: applies the series in order. Nothing may be left over.
apply() {
	local folder=$1 base clone=$work/clone
	local -a list where=()
	# The paths in these patches are those of the published crate, which is one folder of the repository.
	[[ $folder != */vhost-device-vsock/* ]] || where=(--directory=vhost-device-vsock)
	mapfile -t list < <(sed "s|^|$folder/|" "$folder/series")
	base=$(head -n 10 "$folder/README.md" 2>&1 | grep -oEw '[0-9a-f]{40}' | head -n 1)
	rm -rf "$clone"
	if ! git -c init.defaultBranch=main clone -q --shared --no-checkout "$2" "$clone" 2>&1 ||
		! git -C "$clone" checkout -q --detach "${base:-$(basename "$folder")}" 2>&1; then
		echo "there is no ${base:-$(basename "$folder")} in $2"
		return
	fi
	git -C "$clone" -c user.name=test -c user.email=test@localhost am -q "${where[@]}" "${list[@]}" 2>&1
	git -C "$clone" status --porcelain
	same "how many were applied" "${#list[@]}" "$(git -C "$clone" rev-list --count "${base:-$(basename "$folder")}..")"
}

number=0
for folder in "$patches"/*/*/; do
	[[ -d $folder ]] || continue
	folder=${folder%/}
	name=${folder#"$patches/"}
	verdict "series-$name" "$(check_series "$folder")"
	for patch in "$folder"/*.patch; do
		verdict "patch-$name/$(basename "$patch" | cut -d- -f1)" "$(check_patch "$patch")"
		((number += 1))
	done
	variable=$(source_of "${name%/*}")
	if [[ -n $variable && -n ${!variable:-} ]]; then
		verdict "applies-$name" "$(apply "$folder" "${!variable}")"
	else
		echo "skip applies-$name: ${variable:-nothing} names no checkout (optional)"
	fi
done
verdict table "$(check_table)"
verdict there-are-patches "$( ((number > 0)) || echo "none in $patches")"
summary
