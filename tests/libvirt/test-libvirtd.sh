#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The libvirt plugin and a real libvirtd (session mode, qemu driver, one domain of 16 MiB that does not run on), which is killed,
# stopped and started again while a guest notifies as fast as it can: the last state always arrives at an
# observer (watch-fleet, the example of docs/libvirt.md), and no notification is held for it.
#	tests/libvirt/test-libvirtd.sh
# BUILD names another build folder. By root, all of it is run as nobody, because root's libvirtd has no session mode.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

if [[ ! -e $build/plugins/libvirt.so ]]; then
	echo "skip libvirtd: the plugin was built without libvirt's headers (libvirt-dev, libxml2-dev)"
	exit 0
fi
libvirtd=$(PATH=$PATH:/usr/sbin command -v libvirtd) || { echo "skip libvirtd: it is not installed"; exit 0; }
qemu=$(command -v qemu-system-x86_64) || { echo "skip libvirtd: qemu-system-x86_64 is not installed"; exit 0; }
require_built vsock-notify plugins/libvirt.so tests/notify-sink tests/bench/client tests/watch-fleet
build_client || exit 1
unset NOTIFY_SOCKET LISTEN_FDS LISTEN_PID JOURNAL_STREAM VSOCK_NOTIFY_PLUGIN_PATH
export LC_ALL=C
patience=30

# Another user reads neither the build folder nor a private one: what it runs is copied.
chmod 711 "$work"
own=$work/own
mkdir -p "$own/plugins" "$own/run" "$own/config/libvirt" "$work/bin"
cp "$build"/{vsock-notify,vsock-notify-filter,vsock-notify-libvirt,plugins,tests/notify-sink,tests/bench/client,tests/watch-fleet} "$work/bin/" -r
cp "$client" "$work/bin/one"
echo 'stdio_handler = "file"' >"$own/config/libvirt/qemu.conf"
chmod -R a+rX "$work/bin"
as=(env HOME="$own" XDG_RUNTIME_DIR="$own/run" XDG_CONFIG_HOME="$own/config" XDG_CACHE_HOME="$own/cache" XDG_DATA_HOME="$own/data" LIBVIRT_AUTOSTART=0)
if (($(id -u) == 0)); then
	chown -R nobody "$own"
	as+=(setpriv --reuid=nobody --clear-groups)
fi
uri=qemu:///session
cd "$own" || exit 1

# until_true COMMAND...: tries until it succeeds, as long as patience goes.
until_true() {
	local end=$((SECONDS + patience))
	until "$@" >"$work/until.out" 2>&1; do
		((SECONDS < end)) || return 1
		read -r -t 0.05 <>"$work/never"
	done
	return 0
}
mkfifo "$work/never"

virsh() {
	timeout -k 2 "$patience" "${as[@]}" virsh --quiet --connect "$uri" "$@"
}

start_libvirtd() {
	"${as[@]}" "$libvirtd" >>"$work/libvirtd.log" 2>&1 </dev/null &
	libvirtd_pid=$!
	pids+=("$libvirtd_pid")
	until_true virsh list
}

kill_libvirtd() {
	kill -KILL "$libvirtd_pid"
	wait "$libvirtd_pid" 2>/dev/null
	forget "$libvirtd_pid"
}

end_domain() {
	local pid
	pid=$(cat "$own/run/libvirt/qemu/run/guest.qemu" "$own/run/libvirt/qemu/run/guest.pid" 2>/dev/null | head -n 1)
	[[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null
}
trap 'end_domain; cleanup' EXIT

cat >domain.xml <<end
<domain type='qemu'><name>guest</name><memory unit='MiB'>16</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='isapc'>hvm</type></os>
<devices><emulator>$qemu</emulator><memballoon model='none'/></devices></domain>
end
if ! start_libvirtd || ! virsh define domain.xml >"$work/virsh" 2>&1 || ! virsh start --paused guest >>"$work/virsh" 2>&1; then
	not_ok setup "no libvirtd with a domain: $(tail -n 3 "$work/libvirtd.log" "$work/virsh" | tr '\n' ' ')"
	summary
	exit 1
fi

# serve NAME [OPTION...]: a bridge at $own/NAME_1234.
serve() {
	local name=$1
	shift
	follow "$name" 2 "${as[@]}" "$work/bin/vsock-notify" serve --notify-socket="$own/notify" "$@" "$own/$name"
	await "$name" 'listening at'
}

tell() {
	"${as[@]}" "$work/bin/one" "$own/vsock_1234" "$1"
}

# sees NAME PATTERN: so does the observer, now or later.
sees() {
	await watch "$2"
	verdict "$1" "$( (($? == 0)) || echo "no line of the observer's has /$2/, the last is $(tail -n 1 "$work/watch.log")")"
}

# Nobody reads what the service manager is told.
"${as[@]}" "$work/bin/notify-sink" "$own/notify" >"$work/sink.log" 2>&1 </dev/null &
pids+=($!)
until_true grep -q listening "$work/sink.log"
follow watch 1 "${as[@]}" "$work/bin/watch-fleet" "$uri" "qemu+unix:///session?socket=$own/none"
await watch connected
serve vsock --plugin=notify --plugin="libvirt,uri=$uri,domain=guest"
sees waiting $'\tguest\twaiting\t'
tell X_SYSTEMD_UNIT_ACTIVE=basic.target
tell $'READY=1\nSTATUS=Ready.'
sees ready $'\tguest\tready\tReady.$'
verdict virsh-metadata-shows "$(virsh metadata guest --uri urn:vsock-notify:state:1 | grep -q '<life>ready</life>' || echo "it does not")"
# As docs/libvirt.md has it; until it listens, there is nothing that it says.
"${as[@]}" stdbuf -oL virsh --connect "$uri" event --event metadata-change --loop >"$work/events.log" 2>&1 </dev/null &
events_pid=$!
pids+=("$events_pid")
number=0
virsh_tells() {
	tell "STATUS=$((number++))"
	grep -q "metadata-change.*guest.*urn:vsock-notify:state:1" "$work/events.log"
}
verdict virsh-event-tells "$(until_true virsh_tells || cat "$work/events.log")"
kill "$events_pid"

# --- notifications are not held

# held COUNT SOCKET...: the 99th percentile of each, in microseconds, on one line.
held() {
	local count=$1 arguments=() name
	shift
	for name; do
		arguments+=("$own/${name}_1234" "$count")
	done
	timeout "$patience" "$work/bin/client" --message=status --rounds=50 "${arguments[@]}" | awk '$2 != "warm"' | sort -k1,1n -k2,2n |
		awk '{ n[$1]++; held[$1, n[$1]] = $2 } END { for (k = 0; k in n; k++) printf "%d ", held[k, int(n[k] * 0.99)] }'
}
# Other things run on the machine: what is to be shown is shown if it is once of a few times.
held_alike() {
	local tries with without report=
	for ((tries = 0; tries < 5; tries++)); do
		read -r without with < <(held 4000 plain vsock)
		report+="$without us without, $with us with; "
		if [[ -n $with ]] && ((with <= without * 5 / 4 + 20)); then
			echo "# $1: 99 of 100 held at most $report" >&2
			return
		fi
	done
	echo "$report"
}
serve plain
verdict held-as-without "$(held_alike libvirtd-lives 2>>"$work/figures")"

# --- libvirtd dies and comes back, with a guest that notifies without end

# A process that connected often and has ended was a VM's: the next one is another VM, whose guest has to become ready.
become_ready() {
	tell X_SYSTEMD_UNIT_ACTIVE=basic.target
	tell READY=1
}
load() {
	"${as[@]}" "$work/bin/client" --message=status "$own/vsock_1234" 1000000 >"$work/load.out" 2>&1 &
	load_pid=$!
	pids+=("$load_pid")
}
unload() {
	kill "$load_pid"
	wait "$load_pid" 2>/dev/null
	forget "$load_pid"
	become_ready
}
# lines: whether the load has sent that many more messages.
sent_more() {
	(($(wc -l <"$work/load.out") > sent))
}
for round in 1 2 3; do
	load
	kill_libvirtd
	sent=3000
	verdict "goes-on-without-libvirtd-$round" "$(until_true sent_more || echo "$(wc -l <"$work/load.out") messages")"
	if ((round == 2)); then
		unload
		tell "STATUS=last of $round"
		start_libvirtd
	else
		start_libvirtd
		unload
		tell "STATUS=last of $round"
	fi
	verdict "libvirtd-is-back-$round" "$(virsh list >"$work/until.out" 2>&1 || cat "$work/until.out")"
	sees "last-after-restart-$round" $'\tguest\tready\tlast of '"$round"
done

# --- it is stopped: it takes connections, and answers nothing

kill -STOP "$libvirtd_pid"
verdict held-as-without-while-libvirtd-is-stopped "$(held_alike libvirtd-is-stopped 2>>"$work/figures")"
become_ready
tell 'STATUS=said meanwhile'
kill -CONT "$libvirtd_pid"
sees last-after-stop $'\tguest\tready\tsaid meanwhile'

# --- another start of the domain: what was published is published again

virsh destroy guest >>"$work/virsh"
virsh start --paused guest >>"$work/virsh"
sees published-again $'\tguest\tready\tsaid meanwhile'

# --- the last words, with the shim gone

tell $'EXIT_STATUS=42\nX_SYSTEMD_SHUTDOWN=poweroff'
stop vsock
verdict ends "$(same "exit status" 0 "$status")"
sees last-words $'\tguest\tstopped\t'
verdict last-words-whole "$(
	document=$(virsh metadata guest --uri urn:vsock-notify:state:1)
	for part in '<exit-status>42</exit-status>' '<shutdown>poweroff</shutdown>' '<watched>no</watched>'; do
		[[ $document == *"$part"* ]] || echo "no $part in $document"
	done
)"

# --- found by the process: libvirt's record is made to name who connects

serve vsock --plugin=notify --plugin="libvirt,uri=$uri"
cp run/libvirt/qemu/run/guest.pid run/libvirt/qemu/run/guest.qemu
record=$own/run/libvirt/qemu/run/guest.pid
# shellcheck disable=SC2016 # they are the other shell's
"${as[@]}" bash -c 'echo $$ >"$1"; exec "$2" "$3" "$4"' - "$record" "$work/bin/one" "$own/vsock_1234" 'STATUS=by process'
sees found-by-process $'\tguest\tbooting\tby process'
stop vsock
serve vsock --plugin=notify --plugin="libvirt,uri=$uri"
tell 'STATUS=of a stranger'
await vsock "no domain's process is the VMM"
verdict stranger-is-no-domain "$( (($? == 0)) || echo "it does not say so")"
stop vsock
verdict stranger-published-nothing "$(virsh metadata guest --uri urn:vsock-notify:state:1 | grep -o 'of a stranger')"
cat run/libvirt/qemu/run/guest.qemu >"$record"
virsh destroy guest >>"$work/virsh" 2>&1
kill_libvirtd

grep '^#' "$work/figures"
summary
