#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# "make demo", which builds what it needs: boots the tiny guest under the best VMM there is, with vsock-notify between it and a stand-in for the
# host's service manager, and shows what becomes of each notification. Takes $CLOUD_HYPERVISOR or cloud-hypervisor with
# /dev/kvm, else QEMU with vhost-device-vsock, else a stand-in for a VMM. DEMO_VMM=cloud-hypervisor|qemu|stand-in chooses.
set -eu -o pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$root/build
words='boot say=STATUS=Serving\s12\sclients say=MAINPID=1 down=poweroff:42'
work=$(mktemp -d)
pids=()

finish() {
	local pid
	for pid in "${pids[@]}"; do
		if kill -0 "$pid" 2>/dev/null; then kill "$pid"; fi
	done
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' HUP INT TERM

find_cloud_hypervisor() {
	[[ -w /dev/kvm ]] || return 1
	command -v "${CLOUD_HYPERVISOR:-cloud-hypervisor}"
}

can_emulate() {
	[[ $(uname -m) == x86_64 ]] &&
		"$root/tests/tools/need.sh" "make demo" qemu-system-x86:"boots the guest where there is no cloud-hypervisor" >&2 &&
		"$root/tests/tools/vhost-device-vsock.sh" --version >/dev/null
}

choose() {
	if CLOUD_HYPERVISOR=$(find_cloud_hypervisor); then
		echo cloud-hypervisor
	elif can_emulate; then
		echo qemu
	else
		echo stand-in
	fi
}

run_guest() {
	case $1 in
	stand-in) "$build/tests/stand-in" --mode=ch53 --script="$here/life.tsv" --latency=50:2000 "$work/vsock" ;;
	*) "$root/tests/guest/run-vmm.sh" "$1" "$work/vsock" "$words" ;;
	esac
}

describe() {
	case $1 in
	cloud-hypervisor) "$CLOUD_HYPERVISOR" --version | sed -n '1s/$/ on \/dev\/kvm/p' ;;
	qemu) echo 'QEMU (software emulation) with vhost-device-vsock' ;;
	stand-in) echo 'a stand-in for a VMM: neither cloud-hypervisor with /dev/kvm nor QEMU with vhost-device-vsock is here' ;;
	esac
}

await_listening() {
	local tries=500 _
	until [[ -S $work/vsock_1234 ]]; do
		if ((--tries == 0)) || ! kill -0 "$bridge" 2>/dev/null; then
			cat "$work/log" >&2
			exit 1
		fi
		read -r -t 0.01 _ <>"$work/never" || continue
	done
}

if [[ -t 1 ]]; then
	bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' plain=$'\e[0m'
else
	bold='' dim='' green='' plain=''
fi

# Puts the bridge's log lines about one notification together:
#	guest K: "..."        what the guest said
#	host: "..."           what the host was told of it, if anything
#	connection K: ... held USEC us
show() {
	local line said='' told='' count=0 delivered=0 start=${EPOCHREALTIME/./} now colour
	while IFS= read -r line; do
		echo "$line" >>"$work/log"
		case $line in
		'vsock-notify: guest '[0-9]*) said=${line#*\"} said=${said%\"} told='' ;;
		'vsock-notify: host: '*) told=${line#*\"} told=${told%\"*} delivered=$((delivered + 1)) ;;
		'vsock-notify: connection '*' held '*)
			now=$((${EPOCHREALTIME/./} - start))
			line=${line##* held }
			count=$((count + 1))
			colour=$dim
			[[ -z $told ]] || colour=$green
			printf '%7.3f s  %-54s %s%-26s%s  %6.1f ms\n' "$((now / 1000))e-3" "$said" "$colour" \
				"${told:-(nothing)}" "$plain" "$((${line%% *} / 100))e-1"
			said='' told=''
			;;
		esac
	done <"$work/log.pipe"
	echo "$count $delivered" >"$work/counts"
}

vmm=${DEMO_VMM:-$(choose)}
if [[ $vmm == cloud-hypervisor ]]; then
	CLOUD_HYPERVISOR=$(find_cloud_hypervisor)
	export CLOUD_HYPERVISOR
fi
export VHOST_DEVICE_VSOCK=${VHOST_DEVICE_VSOCK:-$root/tests/tools/vhost-device-vsock.sh}

mkfifo "$work/never" "$work/log.pipe"
show &
reader=$!
"$build/tests/notify-sink" "$work/notify" >"$work/told" &
pids+=($!)
"$build/vsock-notify" serve --log-level=debug --notify-socket="$work/notify" "$work/vsock" 2>"$work/log.pipe" &
bridge=$!
pids+=("$bridge")
await_listening

printf 'A guest boots and powers off under %s.\n\n' "$(describe "$vmm")"
printf '%s%9s  %-54s %-26s  %s%s\n' "$bold" time 'what the guest said' 'what the host was told' 'accept to close' "$plain"
run_guest "$vmm" >"$work/guest" 2>"$work/vmm.err" || { cat "$work/vmm.err" >&2; exit 1; }
kill "$bridge"
wait "$bridge"
wait "$reader"
read -r count delivered <"$work/counts"
printf '\n%s%d notifications from the guest, %d passed on to the host.%s' "$bold" "$count" "$delivered" "$plain"
awk '/^note/ { split($3, held, "="); times[++n] = held[2] } /^done/ { split($3, worst, "=") }
	END { if (n) printf " By the guest'"'"'s own clock they held it for %.1f ms (median), %.1f ms (worst).", times[int(n / 2) + 1] / 1000, worst[2] / 1000 }' \
	< <(sort -t= -k2n "$work/guest")
printf '\n'
if grep -q 'shut down after silence' "$work/log"; then
	echo 'This VMM does not pass on that a guest has shut its side down: PID 1 is answered at once, by a byte, other programs'
	echo 'of the guest, which would fail by an early answer, after 100 ms (docs/architecture.md, "Framing").'
fi
