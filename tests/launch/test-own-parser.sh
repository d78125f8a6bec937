#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What real VMMs read on the launch lines of tests/launch/lines.txt is what our plans say: $CLOUD_HYPERVISOR (one path or more,
# separated by spaces) and $FIRECRACKER. No guest is booted: kernels and disks are not there, and cloud-hypervisor logs what it
# has read before it opens them. Each line is tried as it is, and as the plan completes it.
#	tests/launch/test-own-parser.sh

shopt -s extglob

# shellcheck disable=SC1091,SC2154 # lib.sh and table.sh set the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$(dirname "${BASH_SOURCE[0]}")/table.sh"

# The pipe stays empty: reading it with a time-out is a pause.
mkfifo "$work/never"
exec {never}<>"$work/never"

# Taps that a VMM makes end with its network namespace.
alone=()
if unshare --net true 2>"$work/unshare.err"; then
	alone=(unshare --net)
fi

# own_words NAME: the words of the launch line from the plan's program on, else from the one called *NAME* on, in words.
own_words() {
	local name program
	program=$(told program)
	words=("${vmm[@]}")
	while ((${#words[@]} > 0)); do
		name=${words[0]##*/}
		if [[ ${words[0]} == "$program" || -z $program && $name == *"$1"* && ${words[0]} != *' '* ]]; then
			return
		fi
		words=("${words[@]:1}")
	done
}

# told KEY: the value of a line of the plan.
told() {
	sed -n "s/^$1: //p" <<<"$expected"
}

# ---- cloud-hypervisor --------------------------------------------------------------------------

# Where the VMM that has these arguments logs.
log_of() {
	local previous='' word
	for word; do
		if [[ $previous == --log-file ]]; then
			echo "$D/$word"
			return
		fi
		previous=$word
	done
	echo "$work/own.err"
}

# What the VMM read is in a whole line of its log: the VMM writes it piece by piece.
has_read() {
	local text
	[[ -e $1 ]] || return
	while IFS= read -r text; do
		[[ $text != *'API request event: '@(VmCreate|VmRestore)' '* ]] || return 0
	done <"$1"
	return 1
}

# came LOG: what the VMM says at the start has come, or nothing will.
came() {
	kill -0 "$pid" 2>/dev/null || return 0
	[[ $boots == no ]] || has_read "$1" || return 1
	[[ -z $api || -S $api ]] && [[ $events == no || -s $work/events ]]
}

# launch_own ARGUMENT...: starts the VMM until it has logged what it read, and has made its API socket; a VMM with nothing to
# boot, until it has said so to its event monitor. Or until it has ended, which it does for want of a kernel.
launch_own() {
	local tries=1000 events=no monitor=() _
	log=$(log_of "$@")
	[[ $boots == yes || " $* " == *' --event-monitor '* ]] || monitor=(--event-monitor fd=9)
	[[ " $* ${monitor[*]} " != *' --event-monitor fd=9 '* ]] || events=yes
	rm -f "$D"/*.log "$work/events" "$work/own.err"
	find "$D" -type s -delete
	"${alone[@]}" "$program" "$@" "${monitor[@]}" -v 9>"$work/events" </dev/null >"$work/own.out" 2>"$work/own.err" &
	pid=$!
	pids+=("$pid")
	until came "$log" || ((--tries == 0)); do
		read -r -t 0.01 -u "$never" _
	done
}

# Ends the VMM. What it read is then in $read, $made is yes if it made its API socket, $why tells why it ended.
end_own() {
	made=no
	[[ ! -S $api ]] || made=yes
	{
		kill -KILL "$pid"
		wait "$pid"
	} 2>/dev/null
	forget "$pid"
	read=$(grep -asoE 'API request event: Vm(Create|Restore) .*' "$log" | head -n 1)
	why=$(grep -aE '^ *(error|[0-9]+): ' "$work/own.err" | head -n 3 | paste -sd ' ')
}

start_own() {
	launch_own "$@"
	end_own
}

# Rust's quotes are removed from the texts of $read.
unquoted() {
	sed -E 's/\\(.)/\1/g'
}

vsock_read() {
	grep -oE ' vsock: Some\(VsockConfig \{( pci_common: \w+ \{[^}]*\},)?[^"}]* socket: "([^"\\]|\\.)*"' <<<"$read" |
		sed -E 's/.* socket: "(.*)"$/\1/' | unquoted
}

# The address that the guest's systemd finds: the first of the OEM strings, else the first on the kernel command line.
address_read() {
	local strings cmdline found
	strings=$(sed -nE 's/.* oem_strings: Some\(\[(("([^"\\]|\\.)*"(, )?)*)\]\).*/\1/p' <<<"$read" | grep -oE '"([^"\\]|\\.)*"')
	found=$(grep -m 1 -oE '^"io\.systemd\.credential(\.binary)?:vmm\.notify_socket=[^"]*' <<<"$strings")
	if [[ -z $found ]]; then
		cmdline=$(sed -nE 's/.* cmdline: Some\("(([^"\\]|\\.)*)"\).*/\1/p' <<<"$read" | unquoted | tr -d '"' | tr ' ' '\n')
		found=$(grep -m 1 -oE '^systemd\.set[-_]credential([-_]binary)?=vmm\.notify_socket:.*' <<<"$cmdline")
		found=${found/notify_socket:/notify_socket=}
	fi
	if [[ $found == *binary* ]]; then
		base64 -d <<<"${found#*notify_socket=}"
	else
		printf '%s' "${found#*notify_socket=}"
	fi
}

# Whether the VMM with these arguments makes its API socket at $api. If it has ended, 52.0 has removed it; another file there
# keeps it from starting.
makes_api_socket() {
	start_own "$@"
	[[ $made == no ]] || return 0
	touch "$api"
	start_own "$@"
	[[ $why == *'API server'*'Address already in use'* ]]
}

# Complaints about the VM that was read, compared with the plan.
compare_vm() {
	same "its vsock socket" "$(told vsock)" "$(vsock_read)"
	same "its guest's address" "vsock-stream:2:$(told port)" "$(address_read)"
}

# Has the VMM read a snapshot's configuration: by its API, which logs what it reads, unlike a restore.
read_snapshot() {
	local api=$D/own.sock boots=no
	launch_own --api-socket "$api"
	curl --silent --max-time 10 --unix-socket "$api" -X PUT -H 'Content-Type: application/json' --data @snapshot/config.json \
		http://localhost/api/v1/vm.create >"$work/curl.out" 2>&1
	end_own
}

# The same for a line that restores a VM.
compare_restored() {
	[[ -n $(told restored) ]] || echo "it restores a VM"
	same "whether it resumes the VM" "$([[ -n $(told paused) ]] && echo false || echo true)" "$(sed -nE 's/.*resume: (true|false).*/\1/p' <<<"$read")"
	if [[ ! -e snapshot/config.json ]]; then
		return
	elif ! command -v curl >/dev/null; then
		without_curl=yes
		return
	fi
	read_snapshot
	if [[ $(<snapshot/config.json) == *notify_socket* ]]; then
		compare_vm
	else
		same "its vsock socket" "$(told vsock)" "$(vsock_read)"
	fi
}

# What is wrong with the plan, in complaint.
compare_ch() {
	if [[ $read == *VmRestore* ]]; then
		compare_restored >"$work/complaint"
	elif [[ $read == *VmCreate* ]]; then
		{
			[[ -z $(told restored) ]] || echo "it does not restore the VM"
			compare_vm
		} >"$work/complaint"
	else
		: >"$work/complaint"
	fi
	complaint=$(<"$work/complaint")
}

is_accepted() {
	[[ $boots == yes && -n $read || $boots == no && -s $work/events ]]
}

# Tries the line as it is, and as the plan completes it.
try_ch() {
	local planned=() api boots=no complaint='' log pid made read why
	own_words cloud-hypervisor
	if ((${#words[@]} == 0)) || [[ $own == 'is not tried'* ]]; then
		return
	fi
	api=$(told api)
	api=${api#cloud-hypervisor }
	[[ " ${words[*]} " != *\ --@(kernel|firmware|igvm|restore)[\ =]* ]] || boots=yes
	start_own "${words[@]:1}"
	if [[ $own == refuses* ]]; then
		is_accepted && complaint="it accepts the line, with $read"
	elif ! is_accepted && [[ $own == needs* ]]; then
		lacking+=" $entry"
		return
	elif ! is_accepted; then
		complaint="it refuses the line: $why"
	elif plan --vmm-arguments >"$work/arguments" 2>"$work/says"; then
		mapfile -d '' planned <"$work/arguments"
		start_own "${planned[@]:1}"
		is_accepted || complaint="it refuses what is added: $why"
		[[ -n $complaint ]] || compare_ch
		[[ -n $complaint || -z $api ]] || makes_api_socket "${planned[@]:1}" || complaint="its API socket is not at $api: $why"
	elif [[ -n $(told kind) ]]; then
		complaint="it accepts the line, and the plan is refused"
	fi
	verdict "$entry-cloud-hypervisor-$version" "$complaint"
}

# ---- Firecracker -------------------------------------------------------------------------------

# It makes its sockets before it finds that the kernel is none, and leaves them.
try_fc() {
	local complaint='' api
	own_words firecracker
	if ((${#words[@]} == 0)) || [[ $line == *jailer* || $own == "is not tried"* ]]; then
		return
	fi
	touch vmlinux initrd bzImage unikernel
	api=$(told api)
	api=${api#firecracker }
	timeout 10 "${alone[@]}" "$FIRECRACKER" "${words[@]:1}" </dev/null >"$work/own.out" 2>&1 &
	wait_fc $!
	if grep -q 'Arguments parsing error' "$work/own.out"; then
		[[ $own == refuses* ]] || complaint="it refuses the line: $(grep -m 1 -A 1 'parsing error' "$work/own.out" | paste -sd ' ')"
	elif [[ $own == refuses* ]]; then
		complaint="it accepts the line"
	elif [[ -n $(told kind) ]]; then
		[[ ${words[*]} != *--config-file* || -S $(told vsock) ]] || complaint="its vsock socket is not at $(told vsock)"
		[[ -z $api || -S $api ]] || complaint+=" its API socket is not at $api"
	fi
	verdict "$entry-firecracker" "$complaint"
}

# Without a config file it waits for its API's users.
wait_fc() {
	local tries=1000 _
	pids+=("$1")
	if [[ ${words[*]} != *--config-file* ]]; then
		until [[ -S $api ]] || ! kill -0 "$1" 2>/dev/null || ((--tries == 0)); do
			read -r -t 0.01 -u "$never" _
		done
		kill "$1"
	fi
	wait "$1" 2>/dev/null
	forget "$1"
}

try_each() {
	expected=${expected//'$D'/$D}
	case $(told kind) in
	cloud-hypervisor) [[ $1 != ch ]] || try_ch ;;
	firecracker) [[ $1 != fc ]] || try_fc ;;
	'') "try_$1" ;;
	esac
}

ch() {
	try_each ch
}

fc() {
	try_each fc
}

usable=yes
if [[ $(uname -m) != x86_64 || ! -r /dev/kvm || ! -w /dev/kvm ]]; then
	usable=no
fi
if [[ -z ${CLOUD_HYPERVISOR:-} || $usable == no ]]; then
	echo 'skip cloud-hypervisor: (optional) set CLOUD_HYPERVISOR=/path to ask its own parser; it opens /dev/kvm'
else
	without_curl=no
	for program in $CLOUD_HYPERVISOR; do
		version=$("$program" --version | sed -n 's/^cloud-hypervisor v\([0-9.]*\).*/\1/p')
		lacking=''
		for_each_entry ch
		[[ $without_curl == no ]] || echo "skip snapshots: (optional) without curl, no VMM reads a snapshot's configuration"
		echo "# cloud-hypervisor $version is built without what these need:$lacking"
	done
fi
if [[ -z ${FIRECRACKER:-} || $usable == no ]]; then
	echo 'skip firecracker: (optional) set FIRECRACKER=/path to ask its own parser; it opens /dev/kvm'
else
	for_each_entry fc
fi
summary
