#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The plugin ABI: the header compiles wherever it promises to, plugins older, newer and wrong are
# taken or refused as it says, and one that was compiled with the first release's header lives its
# whole life in today's shim.
#	tests/abi/test-abi.sh
# BUILD names another build folder, CC and CXX other compilers. Plugins are built in BUILD/tests/abi.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

require_built vsock-notify plugins/notify.so tests/notify-sink
build_client || exit 1
unset NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES JOURNAL_STREAM VSOCK_NOTIFY_PLUGIN_PATH
export LC_ALL=C

abi=$top/tests/abi
header=$top/vsock-notify/include
cxx=${CXX:-c++}
plugins=$build/tests/abi
rm -rf "$plugins"
mkdir -p "$plugins/frozen"
cp "$abi/vsock-notify-plugin-abi1.h" "$plugins/frozen/vsock-notify-plugin.h"

socket=$work/vsock_1234
strict=("${cflags[@]}" -pedantic-errors -Wall -Wextra -Wshadow -Wundef -Werror)
shared=(-shared -fPIC -fvisibility=hidden)

# have NAME COMMAND...: the command succeeds, or what it says is the complaint.
have() {
	local name=$1
	shift
	run "$@"
	verdict "$name" "$( ((status == 0)) || echo "exit status $status: $err")"
}

# --- the header, in every language that it is for

compilers() {
	local compiler
	for compiler; do
		! command -v "$compiler" >/dev/null || echo "$compiler"
	done | sort -u
}

if [[ -z $(compilers "$cxx") ]]; then
	echo "not ok setup: there is no C++ compiler $cxx: install g++ or set CXX"
	echo "0 passed, 1 failed"
	exit 1
fi
for compiler in $(compilers "$cc" gcc clang); do
	for standard in c99 c11 c17 gnu17 c2x; do
		have "header-$compiler-$standard" "$compiler" "-std=$standard" "${strict[@]}" \
			-Wno-missing-field-initializers -Wstrict-prototypes -Wmissing-prototypes -Wconversion -I "$header" \
			-c -o "$work/header.o" "$abi/header.c"
	done
done
for compiler in $(compilers "$cxx" g++ clang++); do
	for standard in c++98 c++11 c++14 c++17 c++20; do
		have "header-$compiler-$standard" "$compiler" "-std=$standard" "${strict[@]}" \
			-Wno-missing-field-initializers -Wconversion -Wmissing-declarations \
			-I "$header" \
			-x c++ -c -o "$work/header.o" "$abi/header.c"
	done
done

# layout FOLDER: the header there, as the machine sees it. Members may be added, nothing else.
layout() {
	"$cc" -std=c17 "${strict[@]}" -I "$1" -o "$work/layout" "$abi/layout.c" && "$work/layout"
}
layout "$plugins/frozen" >"$work/layout.frozen" 2>&1
layout "$header" >"$work/layout.now" 2>&1
verdict header-keeps-abi-1 "$(diff <(grep -v ^sizeof "$work/layout.frozen") \
	<(grep -v ^sizeof "$work/layout.now") | grep '^[<>]')"
struct_size=$(sed -n 's/^sizeof vsn_plugin //p' "$work/layout.now")

# members STRUCT: the functions in it, by name.
members() {
	sed -n "/^struct $1 {/,/^};/s/^\t[a-z].*(\*\([a-z_]*\))(.*/\1/p" \
		"$header/vsock-notify-plugin.h"
}
# headings PREFIX: what the guide has a section for.
headings() {
	sed -n "s/^### \`$1\([a-z_]*\)\`.*/\1/p" "$top/docs/plugins.md"
}
for pair in 'vsn_plugin:' 'vsn_host:host->'; do
	verdict "guide-has-${pair%%:*}" "$(diff <(members "${pair%%:*}" | sort) \
		<(headings "${pair#*:}" | sort) | grep '^[<>]')"
done

# --- plugins that are wrong, each in one way

# compile NAME SOURCE FLAG...: a plugin, with the strictest flags.
compile() {
	local name=$1 source=$2
	shift 2
	"$cc" -std=c17 "${strict[@]}" -Wconversion -Wmissing-prototypes "${shared[@]}" \
		-I "${include:-$header}" -o "$plugins/$name.so" "$source" "$@" || exit 1
}

export VSOCK_NOTIFY_PLUGIN_PATH=$plugins
cd "$work" || exit 1
# plugin_refused NAME PATTERN PLUGIN[,CONFIG]: the shim does not start with it, for this reason.
plugin_refused() {
	refuses "$1" 1 "^vsock-notify: .*$2" \
		"$shim" serve --notify-socket="$work/notify" --plugin="$3" vsock
}

# refused NAME PATTERN FLAG...: odd.c, compiled with FLAG..., does not start, for this reason.
refused() {
	local name=$1 pattern=$2
	shift 2
	compile odd "$abi/odd.c" "$@"
	plugin_refused "$name" "$pattern" odd
}

refused struct-too-small \
	'odd.so: its struct vsn_plugin has [0-9]+ bytes, at least [0-9]+ are needed' \
	-DSIZE='offsetof(struct vsn_plugin, close)'
refused struct-empty 'has 0 bytes, at least' -DSIZE=0
refused abi-older 'made for ABI version 0, .*: use a plugin and a program of' -DABI=0
refused abi-newer 'made for ABI version 2, this program has 1 to 1: use ' -DABI=2
refused symbol-missing 'exports no vsock_notify_plugin: .*VSN_REGISTER_PLUGIN' -DSYMBOL=another
refused struct-missing 'registers no struct vsn_plugin' -DPLUGIN=NULL
refused name-missing 'has no name, which every plugin needs' -DNAME=NULL
refused open-missing 'has no open, which every plugin needs' -DOPEN=NULL
refused message-missing 'has no message, which every plugin needs' -DMESSAGE=NULL
refused close-missing 'has no close, which every plugin needs' -DCLOSE=NULL
refused name-bad 'calls itself "Odd": a name is of a-z, 0-9 and' -DNAME='"Odd"'
refused name-empty 'calls itself "": a name is of' -DNAME='""'
refused name-with-slash 'a name is of a-z' -DNAME='"../odd"'
refused name-unlike-file 'calls itself "even": its file must be named even.so' -DNAME='"even"'
refused name-of-same-length 'its file must be named add.so' -DNAME='"add"'
refused name-shorter-than-file 'calls itself "od": its file must be named od.so' -DNAME='"od"'
refused name-longer-than-file 'its file must be named oddly.so' -DNAME='"oddly"'
refused open-fails 'plugin odd cannot be opened: Permission denied' -DOPEN_RESULT=-EACCES
refused start-fails 'plugin odd cannot start: Permission denied' -DSTART_RESULT=-EACCES
printf '#!/bin/sh\n' >"$plugins/odd.so"
plugin_refused no-elf-file 'plugin .*odd.so cannot be loaded: ' odd
: >"$plugins/odd.so"
plugin_refused empty-file 'plugin .*odd.so cannot be loaded: ' odd
rm "$plugins/odd.so"
plugin_refused not-found 'plugin odd not found: "vsock-notify plugins" lists' odd
plugin_refused not-found-path 'none/odd.so cannot be loaded: ' "$work/none/odd.so"

# --- its configuration

compile odd "$abi/odd.c"

# configured PAIRS LEVEL: the shim, given these for the plugin odd.
configured() {
	run "$shim" serve --notify-socket="$work/notify" --log-level="$2" --plugin="odd,$1" vsock
}

# config_refused NAME PAIRS PATTERN
config_refused() {
	configured "$2" error # odd says each pair too
	verdict "config-$1" "$(same "exit status" 1 "$status"; one_line "$3" "$err")"
}
config_refused unknown-key key=1 'plugin odd has no key "key": "vsock-notify plugins" lists'
config_refused bad-value number=many 'plugin odd: number=many: the value is not one it takes; '
config_refused second-bad 'number=1,number=x' 'odd: number=x: the value is not'
config_refused own-reason broken=1 'odd: broken=1: no access to it$'
config_refused no-pair number 'plugin=odd,number: what follows .* is key=value'
config_refused no-key =1 'plugin=odd,=1: what follows .* is key=value'
config_refused nothing '' 'plugin=odd,: what follows .* is key=value'
compile odd "$abi/odd.c" -DCONFIG=NULL
config_refused none-taken a=1 'plugin odd has no key "a"'

# config_is NAME PAIRS EXPECTED...: what the plugin is given.
compile odd "$abi/odd.c" -DSTART_RESULT=-EACCES # has seen it all by then
config_is() {
	local name=$1 pairs=$2
	shift 2
	configured "$pairs" info
	verdict "config-$name" "$(same pairs "$(printf 'config %s\n' "$@")" \
		"$(sed -n 's/^vsock-notify: odd: \(config\)/\1/p' <<<"$err")")"
}
config_is in-order a=1,b=2,a=3 'a=[1]' 'b=[2]' 'a=[3]'
config_is comma-goes-on 'a=x,y,b=z' 'a=[x,y]' 'b=[z]'
config_is many-commas 'a=1,2,3,,4,b=,c=5,' 'a=[1,2,3,,4]' 'b=[]' 'c=[5,]'
config_is empty-part 'a=1,,b=2' 'a=[1,]' 'b=[2]'
config_is equals-in-value 'a=b=c' 'a=[b=c]'

# --- older and newer pairs

start_sink

# taken NAME: odd.so as it is now serves a message and ends in order.
taken() {
	start_shim --plugin=odd vsock
	"$client" "$socket" STATUS=x
	client_status=$?
	stop shim
	verdict "$1" "$(
		same "the guest's exit status" 0 "$client_status"
		same "exit status" 0 "$status"
		! grep -E 'fail|cannot' "$work/shim.log"
	)"
}

compile odd "$abi/odd.c" -DSIZE='offsetof(struct vsn_plugin, close) + sizeof(void (*)(void))'
taken struct-of-first-release
compile odd "$abi/odd.c" -DNEWER
taken struct-of-later-release
run "$shim" serve --dump-plugin=odd
verdict dump-tells-larger-size "$(same struct_size "$((struct_size + 24))" \
	"$(sed -n 's/^struct_size=//p' <<<"$out")")"

compile odd "$abi/odd.c" -DMESSAGE_RESULT=-EIO
start_shim --plugin=odd vsock
"$client" "$socket" STATUS=x
await shim 'plugin odd failed on message 1: Input/output error'
found=$?
stop shim
verdict message-fails-and-shim-goes-on "$(same "exit status" 0 "$status"; same found 0 "$found")"

# Memory that has been freed is overwritten, so that who looks there again falls over it.
compile odd "$abi/odd.c" -DCLOSING='host->set_timer(host, UINT64_MAX)'
compile late "$abi/odd.c" -DNAME='"late"' -DCLOSING='host->set_timer(host, UINT64_MAX)'
GLIBC_TUNABLES=glibc.malloc.perturb=165:glibc.malloc.tcache_count=0 \
	start_shim --plugin=odd --plugin=late vsock
{ stop shim; } 2>/dev/null
verdict timer-set-in-close "$(same "exit status" 0 "$status")"

# --- a whole life

# told PLUGIN: what it said.
told() {
	sed -n "s/^vsock-notify: $1: //p" "$work/shim.log"
}

# The guest that shuts down late is peeked at; the timer rings between its message and SIGTERM.
live() {
	start_shim "--plugin=life,first=1,second=2,3" vsock
	"$client" "$socket" STATUS=hello wait
	client_status=$?
	await shim 'life: timer rang'
	await sink 'STATUS=from timer$'
	stop shim
	await sink 'BARRIER=1$'
}

life=(
	'open, timer yes'
	'config first=[1] after open'
	'config second=[2,3] after config'
	'start after config'
	'peek at STATUS=hello after start'
	'message 1: STATUS=hello after start'
	'timer rang after message'
	'stop after timer'
	'close after stop'
)
datagrams_of_life=('STATUS=from message' BARRIER=1 'STATUS=from timer' 'STATUS=from stop' BARRIER=1)

# lives ERA HEADER-FOLDER
lives() {
	include=$2 compile life "$abi/life.c"
	live
	verdict "life-of-plugin-of-$1" "$(
		same "exit status" 0 "$status"
		same "the guest's exit status" 0 "$client_status"
		same "what the plugin saw" "$(printf '%s\n' "${life[@]}")" "$(told life)"
		same "what the manager got" "$(printf '%s\n' "${datagrams_of_life[@]}")" \
			"$(datagrams)"
	)"
	stop sink
	start_sink
}
stop sink
start_sink
lives today "$header"
lives first-release "$plugins/frozen"

# --- one that is written in C++

"$cxx" -std=c++98 "${strict[@]}" -Wno-missing-field-initializers "${shared[@]}" \
	-I "$header" -o "$plugins/header.so" \
	-x c++ "$abi/header.c" || exit 1
start_shim --plugin=header vsock
"$client" "$socket" STATUS=c++
stop shim
verdict plugin-in-c++ "$(
	same "exit status" 0 "$status"
	same "what it said" 'opened by '"$("$shim" --version | cut -d' ' -f2)"', ABI 1' \
		"$(told header)"
	await sink STATUS=c..$ || echo "not delivered"
)"

# --- a plugin is complete in itself

# symbols_of PLUGIN
symbols_of() {
	local name
	name=$(basename "$1" .so)
	verdict "$name-exports-one-symbol" "$(same "what it exports" vsock_notify_plugin \
		"$(nm -D --defined-only --format=posix "$1" | cut -d' ' -f1)")"
	# Of the C library's symbols the version is known, of the shim's there is none.
	verdict "$name-needs-no-symbol-of-the-shim" "$(same "what it needs" '' \
		"$(nm -D --undefined-only --format=posix "$1" |
			awk '$2 == "U" && $1 !~ /@/ { print $1 }')")"
}

if [[ ${cflags[*]} == *-fsanitize=* ]]; then
	echo "skip symbols: a sanitizer has its own in every file (optional)"
else
	symbols_of "$build/plugins/notify.so"
	symbols_of "$plugins/life.so"
fi
"$cc" -std=c17 "${strict[@]}" -I "$header" -o "$work/drive" "$abi/drive.c" -ldl || exit 1
"$work/drive" "$build/plugins/notify.so" "$plugins/life.so" >"$work/drive.out" 2>&1
drive_status=$?
while IFS= read -r line; do
	case $line in
	"ok "*) ok "${line#ok }" ;;
	"not ok "*) failed=$((failed + 1)) && echo "$line" ;;
	*) not_ok drive "$line" ;;
	esac
done <"$work/drive.out"
verdict drive-runs-to-its-end "$( ((drive_status < 2)) || echo "exit status $drive_status")"

# --- shown to people and scripts

rm "$plugins"/*.so
compile life "$abi/life.c"
mkdir "$work/more"
cp "$plugins/life.so" "$work/more/life.so"
cp "$build/plugins/notify.so" "$work/more/notify.so"
echo text >"$work/more/README"
run env VSOCK_NOTIFY_PLUGIN_PATH="$plugins:$work/more" "$shim" plugins
verdict plugins-lists-each "$(
	same "exit status" 0 "$status"
	same "standard error" '' "$err"
	same "the list" "life $plugins/life.so life $work/more/life.so notify $work/more/notify.so" \
		"$(sed -n 's/^\([a-z]*\) [0-9.]* - .*/\1/p; s/^    \(\/.*\)/\1/p' <<<"$out" | paste -sd' ')"
	grep -q '^    any=VALUE  is logged$' <<<"$out" || echo "life's key is missing"
	grep -q '^    ready-unit=UNIT  ' <<<"$out" || echo "notify's key is missing"
)"
echo text >"$plugins/odd.so"
run "$shim" plugins
verdict plugins-tells-of-bad-ones "$(
	one_line 'odd.so cannot be loaded' "$err"
	grep -q '^life 1 - ' <<<"$out" || echo "does not go on"
)"
run env VSOCK_NOTIFY_PLUGIN_PATH="$work/none" "$shim" plugins
verdict plugins-tells-of-no-folder "$(same "standard output" '' "$out"; one_line "$work/none" "$err")"

# dumps NAME EXPECTED...: --dump-plugin's lines from the second on.
dumps() {
	local name=$1
	shift
	run "$shim" serve --dump-plugin="$name"
	verdict "dump-plugin-$(basename "$name" .so)" "$(
		same "exit status" 0 "$status"
		same "standard error" '' "$err"
		same lines "$(printf '%s\n' "$@")" "$out"
		! grep -v '^[a-z_]*=' <<<"$out" || echo "a line that is not key=value"
	)"
}
dumps life "path=$plugins/life.so" name=life version=1 'description=says what is done with it' \
	abi_version=1 "struct_size=$struct_size" \
	has_config=1 has_start=1 has_peek=1 has_timer=1 has_stop=1
compile bare "$abi/odd.c" -DNAME='"bare"' -DCONFIG=NULL
dumps "$plugins/bare.so" "path=$plugins/bare.so" name=bare version=1 'description=one thing wrong' \
	abi_version=1 "struct_size=$struct_size" has_start=1
refuses dump-plugin-of-bad-one 1 'odd.so cannot be loaded' "$shim" serve --dump-plugin=odd

# --- the example of the guide

compile example "$top/docs/example-plugin.c"
start_shim --plugin=example,silence=1 vsock
"$client" "$socket" $'X_SYSTEMD_HOSTNAME=web\e1'
"$client" "$socket" $'READY=1\nSTATUS=Ready.'
await sink 'STATUS=Guest has fallen silent.$'
silence_told=$?
stop shim
verdict example-plugin "$(
	same "exit status" 0 "$status"
	same "what it said" $'the guest is web\\x1b1\n2 messages in all' "$(told example)"
	same "silence told" 0 "$silence_told"
)"
for value in '' x -1 1x 86401; do
	plugin_refused "example-plugin-silence=$value" \
		"plugin example: silence=$value: the value is not" "example,silence=$value"
done

summary
