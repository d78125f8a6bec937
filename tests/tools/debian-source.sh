#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# debian-source.sh SUITE: makes a private apt state for a Debian release that need not be this machine's, and prints for other
# tools: a line with its apt.conf (for APT_CONFIG=), and its sources, a line each: two if SUITE is a release's backports
# (bookworm-backports), from which packages then come where both have them. Touches nothing of the machine's
# apt or dpkg, and needs no root. DEBIAN_MIRROR=URI replaces the mirror of the machine's own sources.
set -euo pipefail

suite=${1:?usage: debian-source.sh SUITE}
root=$(cd "$(dirname "$0")/../.." && pwd)
state=$root/build/debian/apt/$suite
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

fail() { echo "debian-source.sh: $*" >&2; exit 1; }

# apt itself reads the sources, so both of their formats are understood. A release's updates, backports and security
# archives live elsewhere; the origin is only known after a first apt-get update, and then tells Debian from others.
machine_mirror() {
	# shellcheck disable=SC2016  # the $(...) are apt's own
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(ORIGIN)' 'Created-By: Packages' 'Component: main' |
		awk '$2 !~ /-(security|updates|backports|proposed)|\// && ($3 == "" || $3 == "Debian") { print $1; exit }'
}

# Only how to reach the network is taken over (proxies, retries): the machine's hooks would touch the machine's state.
write_configuration() {
	mkdir -p "$state"/etc/{apt.conf.d,preferences.d,sources.list.d} "$state"/state/lists/partial "$state"/cache/archives/partial
	: >"$state/status"
	apt-config dump | grep '^Acquire::' | grep -v '^Acquire::IndexTargets' >"$state/apt.conf"
	cat >>"$state/apt.conf" <<-CONF
		Dir "$state/";
		Dir::Etc "etc/";
		Dir::State "state/";
		Dir::State::lists "lists/";
		Dir::State::status "$state/status";
		Dir::Cache "cache/";
		Dir::Cache::pkgcache "";
		Dir::Cache::srcpkgcache "";
		Dir::Log "log/";
		APT::Install-Recommends "false";
		// the download user of the machine may not be allowed to enter this directory
		APT::Sandbox::User "root";
		// mirrors may be snapshots of an earlier day
		Acquire::Check-Valid-Until "false";
		Acquire::Languages "none";
	CONF
	case $suite in
	*-backports) echo "APT::Default-Release \"$suite\";" >>"$state/apt.conf" ;;
	esac
}

# sources OPTION: the lines of a sources.list.
sources() {
	local one
	for one in "${suite%-backports}" "$suite"; do
		echo "deb [arch=$arch $1] $mirror $one main"
	done | uniq
}

update() {
	echo "$1" >"$state/etc/sources.list"
	APT_CONFIG=$state/apt.conf apt-get -q update >"$state/update.log" 2>&1
}

mirror=${DEBIAN_MIRROR:-$(machine_mirror)}
[ -n "$mirror" ] || fail "this machine's apt sources name no Debian mirror: set DEBIAN_MIRROR"
arch=$(dpkg --print-architecture)

mkdir -p "$state"
exec 9>"$state/lock"
flock 9
write_configuration

[ -f "$keyring" ] || fail "the package debian-archive-keyring is missing"
source=$(sources "signed-by=$keyring")
if ! update "$source"; then
	if ! grep -q NO_PUBKEY "$state/update.log"; then
		cat "$state/update.log" >&2
		fail "$mirror has no usable $suite"
	fi
	echo "debian-source.sh: WARNING: $keyring lacks the key of $suite; its signature is NOT checked" >&2
	source=$(sources trusted=yes)
	update "$source" || { cat "$state/update.log" >&2; fail "$mirror has no usable $suite"; }
fi
printf '%s\n' "$state/apt.conf" "$source"
