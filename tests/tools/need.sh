#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# need.sh "what for" PACKAGE[:"what it is for"]...: makes sure that Debian packages are installed, says which were not
# and why they are wanted, and installs those. Silent where nothing is missing. Never edits package sources.
set -euo pipefail

[ $# -ge 1 ] || { echo 'usage: need.sh "what for" [PACKAGE[:"what it is for"]]...' >&2; exit 2; }
purpose=$1
shift

installed() {
	[ "$(dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | head -n 1)" = installed ]
}

missing=()
for item; do
	package=${item%%:*} reason=
	[ "$item" = "$package" ] || reason=" (${item#*:})"
	if ! installed "$package"; then
		missing+=("$package")
		echo "$purpose needs $package$reason"
	fi
done
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
	echo "need.sh: no apt-get here: install by other means what these hold: ${missing[*]}" >&2
	exit 1
fi
as_root=()
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || { echo "need.sh: neither root nor sudo: apt-get install ${missing[*]}" >&2; exit 1; }
	as_root=(sudo)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# another apt-get may be at work: wait for it rather than fail
apt() {
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1
}

# The lists may be missing or too old to name files that the mirror still has: then once more with fresh ones.
if ! apt install --no-install-recommends "${missing[@]}"; then
	if ! apt update || ! apt install --no-install-recommends "${missing[@]}"; then
		cat "$log" >&2
		exit 1
	fi
fi
