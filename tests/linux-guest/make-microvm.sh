#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make-microvm.sh MICROVM_SRC OUT: lays below OUT what a host with microvm.nix has of a MicroVM "vm", as microvm.nix writes it; Nix
# evaluates it and builds nothing. MICROVM_SRC is a checkout of microvm.nix, or a folder with its files.
#   OUT/var/lib/microvms/vm/vsock-notify/bin    the runner's scripts, where vsock-notify has been switched on for it
#   OUT/var/lib/microvms/vm/socat/bin           the same without, which start socat
#   OUT/packages/wrapped/bin/cloud-hypervisor   the package that the first of them calls
#   OUT/etc/systemd/system/microvm@.service
set -euo pipefail

[ $# -eq 2 ] || { echo "usage: make-microvm.sh MICROVM_SRC OUT" >&2; exit 2; }
source=$(realpath "$1") out=$(realpath -m "$2")
cd "$(dirname "$0")"
commit=71beea0076cd46dafcee97a5a2e7d00cbba5bd2f # main of August 2026, as in ../nix/check-nix.sh
../tools/need.sh "microvm.nix's runner" nix-bin:"evaluates it" jq:"reads what Nix says"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/microvm"
if [ -d "$source/lib/runners" ]; then
	cp -rT "$source" "$work/microvm"
else
	git --git-dir="$(git -C "$source" rev-parse --absolute-git-dir)" archive "$commit" | tar x -C "$work/microvm"
fi
HOME=$work NIX_STATE_DIR=$work/nix nix-instantiate --eval --strict --json --store dummy:// --option allow-import-from-derivation false \
	--expr "import ./microvm.nix { src = $work/microvm; }" >"$work/texts" 2> >(grep -v build-users-group >&2)

# script TEXT MARK FILE: of that text, the script whose mark that is.
script() {
	mkdir -p "$(dirname "$3")"
	{
		echo '#!/bin/bash'
		jq -r ".$1" "$work/texts" | awk -v mark="@@$2" '/@@/ && inside { exit } inside { print } $0 ~ mark "$" { inside = 1 }'
	} >"$3"
	chmod 755 "$3"
}

vm=$out/var/lib/microvms/vm
for name in run shutdown; do
	script runner "script microvm-vm-microvm-$name" "$vm/vsock-notify/bin/microvm-$name"
	script socat "script microvm-vm-microvm-$name" "$vm/socat/bin/microvm-$name"
done
script wrapped wrapper "$out/packages/wrapped/bin/cloud-hypervisor"

# Its settings are JSON. A list's first "" empties what was before; the units that it would need besides have nothing to do here.
unit=$out/etc/systemd/system/microvm@.service
mkdir -p "$(dirname "$unit")"
{
	echo '[Service]'
	jq -r .units "$work/texts" | sed -nE 's/^microvm@(vm)? ([A-Z][^=]*)=(.*)/\2 \3/p' |
		while read -r setting value; do
			jq -r --arg setting "$setting" '[.] | flatten | .[] | "\($setting)=\(.)"' <<<"$value"
		done
} >"$unit"
