#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# "make install" below one folder and then another: what is installed finds its parts there, and names no folder of the
# build; "make uninstall" leaves no file and no folder that was not there before, and all that was.
#	tests/cli/test-install.sh
# BUILD names another build folder.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_target() {
	make -s --no-print-directory -C "$top" BUILD="$build" "$@" 2>&1
}

# tree FOLDER: all that is in it, with kind and mode.
tree() {
	find "$1" -mindepth 1 -printf '%P %y %m\n' | LC_ALL=C sort
}

# ---- below a prefix

for name in one two; do
	prefix=$work/$name
	mkdir "$prefix"
	verdict "install-$name" "$(make_target install "PREFIX=$prefix")"
	verdict "installed-plugins-$name" "$(
		"$prefix/bin/vsock-notify" plugins 2>&1 | grep -qF "$prefix/lib/vsock-notify/notify.so" || echo "not found there"
	)"
	verdict "installed-run-$name" "$("$prefix/bin/vsock-notify" run --help 2>&1 >"$work/help")"
	verdict "installed-units-$name" "$(
		for unit in vm@.service vsock-notify@.service; do
			same "the program of $unit" "ExecStart=$prefix/bin/vsock-notify" \
				"$(sed -n 's/^\(ExecStart=[^ ]*\) .*/\1/p' "$prefix/lib/systemd/system/$unit")"
		done
		diff <(ls "$top/vsock-notify/systemd") <(ls "$prefix/lib/systemd/system")
	)"
	verdict "uninstall-$name" "$(make_target uninstall "PREFIX=$prefix"; tree "$prefix")"
done

# ---- every folder elsewhere, and DESTDIR with a character that the shell would split at

elsewhere=(
	PREFIX=/p BINDIR=/q/bin LIBDIR=/usr/lib/some-triplet LIBEXECDIR=/q/lib/exec INCLUDEDIR=/p/include/deep/er MANDIR=/man
	UNITDIR=/etc/systemd/system CATALOGDIR=/etc/catalog BASHCOMPLETIONDIR=/c/bash ZSHCOMPLETIONDIR=/c/zsh FISHCOMPLETIONDIR=/c/fish
)
root="$work/a root]"
# a file of somebody else's, an empty folder, and a folder that install is going to share
mkdir -p "$root/man/man1" "$root/usr/lib/some-triplet/vsock-notify" "$root/c/zsh"
echo theirs >"$root/usr/lib/some-triplet/vsock-notify/theirs.so"
tree "$root" >"$work/before"
verdict install-destdir "$(make_target install "DESTDIR=$root" "${elsewhere[@]}")"
tree "$root" >"$work/installed"
verdict install-destdir-is-complete "$(
	for file in q/bin/vsock-notify q/lib/exec/vsock-notify-run q/lib/exec/vsock-notify-filter usr/lib/some-triplet/vsock-notify/notify.so \
		usr/lib/some-triplet/pkgconfig/vsock-notify-plugin.pc p/include/deep/er/vsock-notify-plugin.h etc/systemd/system/vm@.service \
		etc/catalog/vsock-notify.catalog \
		c/bash/vsock-notify c/zsh/_vsock-notify c/fish/vsock-notify.fish; do
		[[ -s $root/$file ]] || echo "$file is not there"
	done
	for page in "$top"/docs/*.[1-8]; do
		[[ -s $root/man/man${page##*.}/${page##*/} ]] || echo "${page##*/} is not there"
	done
)"
# Not what the umask says, and programs are the only ones that can be executed.
verdict install-modes "$(
	awk '$2 == "d" && $3 != 755 { print $1 " has mode " $3 }
		$2 == "f" { wanted = $1 ~ /^q\// ? 755 : 644; if ($3 != wanted) print $1 " has mode " $3 }' "$work/installed"
)"
verdict destdir-is-nowhere-in-it "$(! grep -rlF -e "$work" -e "$build" "$root/q" "$root/usr" "$root/etc" "$root/p" || echo "name it")"
# Again, as an upgrade does: what was noted then is still known.
verdict install-twice "$(make_target install "DESTDIR=$root" "${elsewhere[@]}"; tree "$root" | diff "$work/installed" -)"
verdict uninstall-destdir "$(make_target uninstall "DESTDIR=$root" "${elsewhere[@]}"; tree "$root" | diff "$work/before" -)"
verdict uninstall-twice "$(make_target uninstall "DESTDIR=$root" "${elsewhere[@]}"; tree "$root" | diff "$work/before" -)"

# DESTDIR itself was not there, the build folder's note of it is lost.
verdict uninstall-without-record "$(
	record=$build/installed-folders
	[[ ! -e $record ]] || cp "$record" "$work/record" # it may have an installation of somebody's
	make_target install "DESTDIR=$work/lost" PREFIX=/usr
	rm -f "$record"
	make_target uninstall "DESTDIR=$work/lost" PREFIX=/usr
	[[ ! -e $work/record ]] || mv "$work/record" "$record"
	find "$work/lost" ! -type d
	[[ ! -e $work/lost/usr/lib/vsock-notify ]] || echo "the plugins' folder is left"
)"
verdict uninstall-destdir-too "$(
	make_target install "DESTDIR=$work/new" PREFIX=/usr
	make_target uninstall "DESTDIR=$work/new" PREFIX=/usr
	[[ ! -e $work/new ]] || find "$work/new"
)"

# ---- what cannot work

for prefix in relative '/with space' '/with%percent' '/with|bar'; do
	out=$(make_target install "DESTDIR=$work/refused" "PREFIX=$prefix")
	status=$?
	verdict "install-refuses-$prefix" "$(
		((status != 0)) || echo "it did not"
		grep -qF "\"$prefix" <<<"$out" || echo "it does not name the folder: $out"
		[[ ! -e $work/refused ]] || find "$work/refused" -type f
	)"
done
summary
