#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A plugin that is built outside the tree, with nothing but what "make install" has put somewhere and pkg-config: it
# compiles, has no undefined symbol of the program's, is found and serves.
#	tests/package/test-plugin.sh
# BUILD names another build folder.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

require_built tests/notify-sink
unset VSOCK_NOTIFY_PLUGIN_PATH PKG_CONFIG_PATH PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR
mkdir "$work/author"
cp "$top/docs/example-plugin.c" "$work/author/"
cd "$work/author" || exit 1

make_install() {
	make -s --no-print-directory -C "$top" BUILD="$build" install "$@" 2>&1
}

# ask OPTION...: pkg-config about the plugin interface.
ask() {
	"${PKG_CONFIG:-pkg-config}" "$@" vsock-notify-plugin 2>&1
}

# compile OUT: as docs/plugins.md has it.
compile() {
	local flags
	flags=$(ask --cflags --libs) || { echo "$flags"; return; }
	read -ra flags <<<"$flags"
	"$cc" -std=c99 -Wall -Wextra -Werror -fvisibility=hidden "${flags[@]}" -shared -fPIC -o "$1" example-plugin.c 2>&1
}

# ---- on the system that it is installed on

prefix=$work/prefix
verdict plugin-install "$(make_install "PREFIX=$prefix" "LIBDIR=$prefix/lib/here")"
export PKG_CONFIG_PATH=$prefix/lib/here/pkgconfig
verdict plugin-pkg-config "$(
	same Version "$(sed -n 's/^#define VSOCK_NOTIFY_VERSION "\(.*\)"$/\1/p' "$top/vsock-notify/base/version.h")" "$(ask --modversion)"
	same prefix "$prefix" "$(ask --variable=prefix)"
	same includedir "$prefix/include" "$(ask --variable=includedir)"
	same plugindir "$prefix/lib/here/vsock-notify" "$(ask --variable=plugindir)"
	same abi_version "$(sed -n 's/^#define VSN_ABI_VERSION //p' "$top/vsock-notify/include/vsock-notify-plugin.h")" \
		"$(ask --variable=abi_version)"
	same "what there is to link with" "" "$(ask --libs | tr -d ' ')"
)"
verdict plugin-compiles "$(compile example.so)"
verdict plugin-exports-one-symbol "$(
	same "what it exports" vsock_notify_plugin "$(nm --dynamic --defined-only example.so | awk '{ print $3 }' | paste -sd' ')"
)"
installed=$prefix/bin/vsock-notify
install -m 644 example.so "$(ask --variable=plugindir)/"
run "$installed" plugins
verdict plugin-is-listed "$(grep -qF "$prefix/lib/here/vsock-notify/example.so" <<<"$out" || echo "vsock-notify plugins says: $out $err")"

shim=$installed
build_client
start_sink
start_shim --plugin=notify --plugin=example "$work/vsock"
verdict plugin-serves "$(
	"$client" "$work/vsock_1234" X_SYSTEMD_HOSTNAME=guest-of-example >"$work/client.log" 2>&1 || echo "the client failed: $(<"$work/client.log")"
	await shim 'the guest is guest-of-example' || echo "the plugin did not log the guest's name"
)"
stop shim
stop sink

# ---- for another system, whose tree is in a folder here

verdict plugin-sysroot "$(
	make_install "DESTDIR=$work/root" PREFIX=/opt/vsn
	unset PKG_CONFIG_PATH
	export PKG_CONFIG_SYSROOT_DIR=$work/root PKG_CONFIG_LIBDIR=$work/root/opt/vsn/lib/pkgconfig
	same "the compiler's options" "-I$work/root/opt/vsn/include" "$(ask --cflags | tr -d ' ')"
	compile other.so
	cmp example.so other.so 2>&1
)"
summary
