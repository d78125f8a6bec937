# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# The units as "make install" makes them and systemd-analyze sees them: without a mistake, and how exposed what they start
# is. The limits are ten times the figures that the units have with Debian 13's (systemd 257). Debian 12's (252) adds two tenths.
# One lost directive is seen where it weighs a tenth: 17 of the 30 in vm@.service, 18 of the 32 in vsock-notify@.service.

shipped=/installed/usr/lib/systemd/system

# analyze NAME COMMAND...: it says nothing and succeeds.
analyze() {
	run "${@:2}"
	verdict "$label-$1" "$( ((status == 0)) || echo "exit status $status: $out $err"; [[ -z $err ]] || echo "$err")"
}

# exposure UNIT LIMIT
exposure() {
	run systemd-analyze security --no-pager --offline=true --threshold="$2" "$shipped/$1"
	echo "# $1: ${out##*→ }"
	verdict "$label-exposure-of-${1%@*}" "$(
		((status == 0)) || echo "it is more than $2 (in tenths): $(grep -E '✗' <<<"$out") $err"
		grep -q 'Overall exposure level' <<<"$out" || echo "no figure: $out $err"
	)"
}

for file in "$shipped"/*; do
	name=$(basename "$file")
	instance=${name/@/@hardening}
	install -m 644 "$file" "$work/$instance"
done
install -d /etc/vsock-notify
for file in "$work"/*@hardening.*; do
	analyze "verify-$(basename "${file/@hardening/}")" systemd-analyze verify --man=no "$file"
done
more=$((host_version < 254 ? 2 : 0))
exposure vm@.service $((13 + more))
exposure vsock-notify@.service $((3 + more))
