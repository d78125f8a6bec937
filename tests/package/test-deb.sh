#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The Debian packages: they build, with the unit tests and without, to the same bytes; lintian has nothing against them; and
# in-debian.sh installs, uses, upgrades and purges them on a Debian host that boots in a container (tests/host/host.sh).
#	tests/package/test-deb.sh
# BUILD names another build folder; HOST_SUITE another release of that host (trixie). What was built stays in BUILD/deb.
set -u -o pipefail

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

suite=${HOST_SUITE:-trixie}
root=$top/build/host/root-$suite
version=$(sed -n 's/^#define VSOCK_NOTIFY_VERSION "\(.*\)"$/\1/p' "$top/vsock-notify/base/version.h")

# ---- building

# The tree but for git's and the build folders' own, to see whether it is as it was.
state() {
	find "$top" \( -path "$top/build" -o -path "$build" -o -path "$top/.git" \) -prune -o -printf '%P %y %m %s %T@\n' | LC_ALL=C sort
}

mkdir -p "$build"
state >"$work/state"
verdict deb-version "$(
	same "the version in the changelog" "$version" "$(sed -n '1s/.*(\(.*\)).*/\1/p' "$top/vsock-notify/debian/changelog")"
	same "the version in NEWS" "vsock-notify $version" "$(sed -n '1s/ (.*//p' "$top/NEWS")"
)"
verdict deb-builds "$("$top/vsock-notify/packaging/make-deb.sh" "$build/deb" 2>&1 >"$work/packages")"
if ((failed > 0)); then
	summary
	exit
fi
verdict deb-runs-the-unit-tests "$(grep -qE '^[1-9][0-9]* passed, 0 failed' "$build/deb/build.log" || echo "no sign of them in the log")"

# Another folder, name and time, and no tests.
verdict deb-is-reproducible "$(
	DEB_BUILD_OPTIONS=nocheck "$top/vsock-notify/packaging/make-deb.sh" "$work/another-folder/deb" 2>&1 >"$work/packages"
	! grep -qE '^[0-9]+ passed' "$work/another-folder/deb/build.log" || echo "nocheck ran tests"
	for deb in "$build"/deb/*.deb; do
		cmp "$deb" "$work/another-folder/deb/$(basename "$deb")" 2>&1
	done
)"
rm -rf "$work/another-folder"
verdict deb-changes-nothing-in-the-tree "$(state | diff "$work/state" -)"

lintian --allow-root --pedantic --display-info --fail-on error,warning "$build"/deb/*.changes >"$work/lintian" 2>&1
status=$?
verdict deb-lintian "$( ((status == 0)) || cat "$work/lintian")"
sed 's/^/# /' "$work/lintian"

# ---- on a host

if [[ $(id -u) != 0 ]]; then
	echo "skip deb-installed: only root can boot a container"
	summary
	exit
fi
mkdir -p "$top/build/host"
exec 8>"$top/build/host/test.lock" # the host's tree is booted once at a time
flock 8
if ! "$top/tests/host/make-root.sh" "$root" "$suite" >"$work/make-root.log" 2>&1; then
	tail -n 20 "$work/make-root.log" >&2
	echo "skip deb-installed: the host could not be made"
	summary
	exit
fi

# The next version is this one with another number.
mkdir -p "$work/packages.d"
cp "$build/deb/vsock-notify_$version"_*.deb "$work/packages.d/this.deb"
cp "$build/deb/vsock-notify-dev_$version"_*.deb "$work/packages.d/dev.deb"
dpkg-deb --raw-extract "$work/packages.d/this.deb" "$work/next"
sed -i "s/^Version: .*/Version: $version+1/" "$work/next/DEBIAN/control"
dpkg-deb --root-owner-group --build "$work/next" "$work/packages.d/next.deb" >"$work/next.log"

mkdir "$work/out"
echo "VERSION=$version" >"$work/out/environment"
T=120 "$top/tests/host/host.sh" "$root" "$work/out" /project/tests/package/in-debian.sh \
	--bind-ro="$top/tests:/project/tests" --bind-ro="$work/packages.d:/packages" >"$work/report" 2>&1
status=$?
grep -vE '^[0-9]+ passed, ' "$work/report"
((passed += $(grep -c '^ok ' "$work/report")))
((failed += $(grep -c '^not ok ' "$work/report")))
((status == 0)) || grep -q '^not ok ' "$work/report" || not_ok deb-host "the script on the host ended with $status"
summary
