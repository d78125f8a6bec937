#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The libvirt plugin in the shim, with libvirt's test driver, which needs no daemon: what a guest's life becomes, who is started
# with what, and that nothing of it is left when the shim has ended, however that was.
#	tests/libvirt/test-libvirt.sh
# BUILD names another build folder, CC another compiler. The driver's domains live in the process that publishes, so
# trace=on shows what libvirt has; tests/unit/test_libvirt_publish.c has an observer of its own, test-libvirtd.sh a daemon.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

if [[ ! -e $build/plugins/libvirt.so ]]; then
	echo "skip libvirt: it was built without libvirt's headers (libvirt-dev, libxml2-dev)"
	exit 0
fi
require_built vsock-notify vsock-notify-filter vsock-notify-libvirt plugins/libvirt.so plugins/notify.so tests/notify-sink
build_client || exit 1
unset NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES JOURNAL_STREAM VSOCK_NOTIFY_PLUGIN_PATH
export LC_ALL=C
cd "$work" || exit 1

# --- what is linked with what

# needs_libvirt FILE
needs_libvirt() {
	readelf -d "$1" | grep -q 'NEEDED.*libvirt'
}
for file in vsock-notify vsock-notify-run vsock-notify-filter plugins/notify.so plugins/libvirt.so; do
	verdict "no-libvirt-in-${file##*/}" "$(! needs_libvirt "$build/$file" || echo "it is linked with it")"
done
verdict libvirt-in-its-own-program "$(needs_libvirt "$build/vsock-notify-libvirt" || echo "it is not linked with it")"
if [[ ${cflags[*]} != *-fsanitize=* ]]; then
	verdict plugin-exports-one-symbol "$(same "what it exports" vsock_notify_plugin \
		"$(nm -D --defined-only --format=posix "$build/plugins/libvirt.so" | cut -d' ' -f1)")"
fi

# --- what it refuses

refuses uri-empty 1 'plugin libvirt: uri=: the value is not one it takes' "$shim" serve --log-level=error --plugin=libvirt,uri= vsock
refuses trace-bad 1 'plugin libvirt: trace=yes: the value is not' "$shim" serve --log-level=error --plugin=libvirt,trace=yes vsock
refuses key-unknown 1 'plugin libvirt has no key "name"' "$shim" serve --log-level=error --plugin=libvirt,name=x vsock
mkdir -p "$work/alone/plugins"
cp "$build/plugins/libvirt.so" "$work/alone/plugins/"
run "$shim" serve --plugin="$work/alone/plugins/libvirt.so" vsock
verdict program-missing "$(
	same "exit status" 1 "$status"
	grep -qF "cannot execute $work/alone/plugins/../vsock-notify-libvirt" <<<"$err" || echo "says $err"
)"
printf '#!/bin/sh\nexit 3\n' >"$work/alone/vsock-notify-libvirt"
chmod +x "$work/alone/vsock-notify-libvirt"
run "$shim" serve --plugin="$work/alone/plugins/libvirt.so" vsock
verdict program-fails "$(same "exit status" 1 "$status"; grep -q 'has failed' <<<"$err" || echo "says $err")"
refuses program-alone 2 'is started by' "$build/vsock-notify-libvirt" operand
refuses program-without-descriptors 1 'no memory shared with the plugin' "$build/vsock-notify-libvirt"

# --- a life

cat >node.xml <<'end'
<node>
  <domain type='test'>
    <name>guest</name><uuid>6a1b6b1e-0f4f-4b0d-9a8e-2f6d5c1a7e11</uuid><memory>8192</memory><os><type>hvm</type></os>
  </domain>
</node>
end
uri=test://$work/node.xml
libvirt=libvirt,uri=$uri,domain=guest,trace=on

# publishes NAME PATTERN: so does the shim's program next, or later.
publishes() {
	await shim "published: .*$2"
	verdict "$1" "$( (($? == 0)) || echo "no publication has /$2/: $(grep -c published: "$work/shim.log") of $(wc -l <"$work/shim.log") lines are")"
}

# processes: those of the program, its keeper first. Of this test's, by the URI.
processes() {
	pgrep -f -- "^vsock-notify-libvirt --uri $uri"
}

start_sink
export NOTIFY_SOCKET=$work/notify LISTEN_FDS=0 WATCHDOG_USEC=1000000
exec 9</dev/null # as a network device that is meant for the VMM
start_shim --plugin=notify --plugin="$libvirt" vsock
exec 9<&-
unset NOTIFY_SOCKET LISTEN_FDS WATCHDOG_USEC
socket=$work/vsock_1234
tell() {
	"$client" "$socket" "$1"
}

publishes begins-as-waiting '<life>waiting</life>.*<boots>0</boots>.*<watched>yes</watched>'
mapfile -t pids < <(processes)
verdict two-processes "$(same "their number" 2 "${#pids[@]}")"
verdict no-children-of-the-shim "$(same children '' "$(pgrep -P "$shim_pid")")"
# It has one of its own, for its worker.
verdict no-descriptor-too-many "$(same "the keeper's descriptors" '0 1 2 3 4 5' \
	"$(find "/proc/${pids[0]}/fd" -type l ! -lname 'anon_inode:?pidfd?' -printf '%f\n' | sort -n | paste -sd' ')")"
verdict no-variable-too-many "$(tr '\0' '\n' <"/proc/${pids[0]}/environ" | grep -E '^(NOTIFY_SOCKET|LISTEN_|WATCHDOG_)')"
verdict no-signal-blocked "$(same SigBlk 0000000000000000 "$(sed -n 's/^SigBlk:\t//p' "/proc/${pids[0]}/status")")"
verdict its-keeper-ends-it "$(same "parent" "${pids[0]}" "$(sed -n 's/^PPid:\t//p' "/proc/${pids[1]}/status")")"

tell $'X_SYSTEMD_HOSTNAME=a<b&"c'
publishes booting '<life>booting</life>.*<boots>1</boots>.*<hostname>a&lt;b&amp;"c</hostname>'
tell X_SYSTEMD_MACHINE_ID=0123456789abcdef0123456789abcdef
tell X_SYSTEMD_UNIT_ACTIVE=basic.target
tell $'READY=1\nSTATUS=Ready.'
publishes ready '<life>ready</life>.*<status>Ready.</status>.*<machine-id>0123456789abcdef0123456789abcdef</machine-id>'
tell $'STATUS=</state><x a="\x1b]">&lt;'
publishes status-is-escaped '<life>ready</life>.*<status>&lt;/state&gt;&lt;x a="[^"<]*"&gt;&amp;lt;</status>'

# --- it is killed, and told to end

kill -KILL "${pids[1]}"
await shim 'ended by signal 9; starting it anew'
publishes newest-after-its-death '<life>ready</life>'
mapfile -t again < <(processes)
verdict started-anew "$(same keeper "${pids[0]}" "${again[0]}"; [[ ${again[1]} != "${pids[1]}" ]] || echo "the same process")"
kill -TERM "${again[@]}"
tell STATUS=there
publishes ended-by-nobody-else 'there'
tell X_SYSTEMD_UNIT_ACTIVE=shutdown.target
publishes stopping '<life>stopping</life>'
tell $'EXIT_STATUS=42\nX_SYSTEMD_SHUTDOWN=poweroff'
publishes stopped '<life>stopped</life>.*<shutdown>poweroff</shutdown>.*<exit-status>42</exit-status>'
tell X_SYSTEMD_HOSTNAME=b
publishes lives-again '<life>booting</life>.*<boots>2</boots>.*<hostname>b</hostname>'

# --- the end: standard error ends when the last of its processes has

stop shim
verdict end-in-order "$(
	same "exit status" 0 "$status"
	tail -n 1 "$work/shim.log" | grep -q '<watched>no</watched>' || echo "the last line is $(tail -n 1 "$work/shim.log")"
	same processes '' "$(processes)"
)"
start_shim --plugin=notify --plugin="$libvirt" vsock
await shim 'published: .*waiting'
tell STATUS=last
kill -KILL "$shim_pid"
{ end shim; } 2>/dev/null
verdict end-by-sigkill "$(
	tail -n 1 "$work/shim.log" | grep -q '<watched>no</watched>.*<status>last</status>' || echo "the last line is $(tail -n 1 "$work/shim.log")"
	same processes '' "$(processes)"
)"

# --- a flood

start_shim --plugin=notify --plugin="$libvirt" vsock
await shim 'published: .*waiting'
began=$SECONDS
for ((i = 0; i < 300; i++)); do
	"$client" "$socket" "STATUS=$i"
done
publishes newest-of-a-flood '<status>299</status>'
stop shim
# Four a second, and a burst of eight.
publications=$(grep -c published: "$work/shim.log")
most=$((8 + 4 * (SECONDS - began + 1) + 2))
verdict flood-is-thinned-out "$( ((publications <= most)) || echo "$publications publications, more than $most")"

# --- what is not there

start_shim --plugin=notify --plugin="libvirt,uri=qemu+unix:///session?socket=$work/none,domain=guest" vsock
await shim 'cannot connect: .*trying again'
began=$SECONDS
stop shim
verdict end-without-libvirtd "$(
	same "exit status" 0 "$status"
	((SECONDS - began <= 9)) || echo "it took $((SECONDS - began)) s"
	grep -q 'last state was not published in time' "$work/shim.log" || echo "it does not say so"
)"
start_shim --plugin=notify --plugin="libvirt,uri=$uri,domain=other" vsock
await shim 'other: Domain not found; trying again'
stop shim
verdict end-without-domain "$(same "exit status" 0 "$status"; same processes '' "$(processes)")"
refuses uri-with-commas 1 'plugin libvirt has no key "b"' "$shim" serve --log-level=error --plugin='libvirt,uri=test:///x?a=1,b=2' vsock
uri='qemu\+unix:///session\?socket=/none&a=b,c'
start_shim --plugin=notify --plugin='libvirt,uri=qemu+unix:///session?socket=/none&a=b,c,domain=x' vsock
verdict uri-as-it-was-given "$(same arguments 'vsock-notify-libvirt --uri qemu+unix:///session?socket=/none&a=b,c --domain x ' \
	"$(tr '\0' ' ' <"/proc/$(processes | head -n 1)/cmdline")")"
stop shim

summary
