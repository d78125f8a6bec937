#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Holds each #include below TREE/vsock-notify against the table "Folders" of docs/architecture.md: which folder may include
# which. Prints what is not allowed, and fails then. Usage: check-includes.sh TREE
set -eu -o pipefail
tree=$1

# A row of the table is "| `folder/` | what lives there | `other`, `another` |". Prints "folder other" for each pair.
allowed() {
	awk -F'|' '/^\| `[a-z\/]+\/` \|/ {
		folder = $2; gsub(/[` ]/, "", folder); sub(/\/$/, "", folder)
		n = split($4, others, ",")
		print folder, folder
		for (i = 1; i <= n; i++) { gsub(/[` ]/, "", others[i]); if (others[i] != "") print folder, others[i] }
	}' "$tree/docs/architecture.md"
}

# Prints "folder other file" for each include. What has no folder in it is of the file's own folder, and must be there.
used() {
	cd "$tree/vsock-notify"
	find . -name '*.[ch]' -printf '%P\n' | sort | while read -r file; do
		sed -n 's/^#include "\(.*\)".*/\1/p' "$file" | while read -r included; do
			case $included in
			*../*) echo "$(dirname "$file") .. $file" ;;
			*/*) echo "$(dirname "$file") $(dirname "$included") $file" ;;
			*) [[ -e $(dirname "$file")/$included ]] || echo "$(dirname "$file") nowhere $file" ;;
			esac
		done
	done
}

table=$(allowed)
[[ -n $table ]] || { echo "docs/architecture.md has no table of folders"; exit 1; }
wrong=$(used | sort -u | awk -v table="$table" '
	BEGIN { n = split(table, rows, "\n"); for (i = 1; i <= n; i++) ok[rows[i]] = 1 }
	!(($1 " " $2) in ok) { print $3 " includes a header of " $2 "/, which the table in docs/architecture.md does not allow to " $1 "/" }')
[[ -z $wrong ]] || { echo "$wrong"; exit 1; }
