# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For sourcing on the host, after tests/lib.sh: VMs with a Linux guest as units, what the service manager makes of them, what it
# was told, and what the guest is told to do. What is being tried is in
#   $label    before each case's name
#   $bridge   vsock-notify: VMs are the shipped vm@NAME.service; socat: they are socat@NAME.service
#   $vmm      the VMM's program; $kind is cloud-hypervisor or firecracker
# and the VM that a case works with in $instance, $unit, $run, its runtime directory, $vsock, its vsock socket, and $store, its
# state directory.
# shellcheck disable=SC2034,SC2119,SC2120,SC2154 # the variables above, and $work; functions that may have arguments

units=/run/systemd/system
main_only=--kill-whom=main # before systemd 252 that was --kill-who
# No getty: nobody logs in, and a slow machine's udev may not find the serial port before its job times out. FDSTORE= becomes a
# variable of PID 1's environment, which tells systemd from 261 on that what it runs under keeps descriptors for it.
kernel_options="console=ttyS0 quiet mitigations=off nokaslr systemd.getty_auto=no FDSTORE=8 systemd.unit=multi-user.target"
credential=vmm.notify_socket:vsock-stream:2:1234
# How many seconds anything that has to come may take: the guest of an emulated host is slow, and the machine may be busy.
patience=300
exec {never}<> <(:) # nobody writes to it: a pause

# ---- a VM as a unit ------------------------------------------------------------------------------

# vm NAME: the VM that is worked with from now on.
vm() {
	instance=$1
	case $bridge in
	vsock-notify) unit=vm@$1.service ;;
	socat) unit=socat@$1.service ;;
	esac
	run=/run/vm-$1
	vsock=$run/vsock
	store=/var/lib/vm/$1
}

# only KIND: fails where the VMM is of another kind.
only() {
	[[ $kind == "$1" ]]
}

# announces: fails where the guest's PID 1 says READY=1 and EXIT_STATUS= only, as that of systemd 254 does.
announces() {
	[[ $GUEST_SUITE != bookworm-backports ]]
}

# configure [KERNEL OPTION...]: $instance is a VM that boots the guest, by "run" with $run_options.
configure() {
	local command_line="$kernel_options $*" options
	if [[ $kind == firecracker ]]; then
		firecracker_configuration "$command_line" >"/etc/vsock-notify/$instance.json"
		configuration "--api-sock $run/api --no-seccomp --enable-pci --config-file /etc/vsock-notify/$instance.json" '' "${run_options:-}"
		return
	fi
	options="--cpus boot=1 --memory size=384M --kernel /opt/guest/vmlinux --initramfs /opt/guest/initrd --cmdline \"$command_line\""
	options+=" --serial file=$store/console --console off --pvpanic"
	if [[ $bridge == socat ]]; then # vsock-notify adds these two itself
		options+=" --vsock cid=3,socket=$vsock --platform oem_strings=[io.systemd.credential:${credential/:/=}]"
	fi
	configuration "--api-socket path=$run/api" "$options" "${run_options:-}"
}

# configuration "VMM OPTIONS" "VM ARGS" [RUN OPTION...]: $instance's, for the shipped unit.
configuration() {
	cat >"/etc/vsock-notify/$instance.conf" <<-CONF
		VMM=$vmm
		VMM_OPTIONS=$1
		VM_ARGS='$2'
		RUN_OPTIONS=--log-level=debug ${*:3}
		SOCAT_OPTIONS=-d -d -lu -t0 -T0.2
	CONF
}

# firecracker_configuration "KERNEL COMMAND LINE"
firecracker_configuration() {
	cat <<-JSON
		{
		  "boot-source": {
		    "kernel_image_path": "/opt/guest/vmlinux",
		    "initrd_path": "/opt/guest/initrd",
		    "boot_args": "$1 reboot=k i8042.noaux i8042.nomux i8042.dumbkbd systemd.set_credential=$credential"
		  },
		  "drives": [],
		  "machine-config": {"vcpu_count": 1, "mem_size_mib": 512},
		  "vsock": {"guest_cid": 3, "uds_path": "$vsock"}
		}
	JSON
}

# job VERB: a job of $unit, until it is done, but not for ever. Its status is systemctl's.
job() {
	timeout $((2 * patience)) systemctl "$1" "$unit" 2>>"$work/systemctl.err"
}

# start: $instance's guest, until it is ready; complains where it does not get there. How many seconds it took is in $work/took.
start() {
	local began=$SECONDS
	job start || echo "systemctl start failed: $(show Result)"
	echo $((SECONDS - began)) >"$work/took"
}

# up: $instance's guest is ready; boots it unless it is so already. Complains where it is not.
up() {
	is ActiveState '^active$' || { configure && start; }
}

# setting "NAME=VALUE"...: of $unit's section [Service]; none: as it was.
setting() {
	install -d "$units/$unit.d"
	printf '%s\n' '[Service]' "$@" >"$units/$unit.d/60-case.conf"
	systemctl daemon-reload
}

# discard: ends $unit, whatever it does, and forgets how it was.
discard() {
	if ! is ActiveState '^(inactive|failed)$'; then
		systemctl kill -s KILL "$unit"
		job stop
	fi
	systemctl reset-failed "$unit" 2>>"$work/systemctl.err"
}

# ---- what it is ----------------------------------------------------------------------------------

show() {
	systemctl show --value -p "$1" "$unit"
}

# is PROPERTY REGEX
is() {
	[[ $(show "$1") =~ $2 ]]
}

# properties NAME=VALUE...: complains of each that is something else.
properties() {
	local property
	for property; do
		same "${property%%=*}" "${property#*=}" "$(show "${property%%=*}")"
	done
}

# until_so COMMAND...: until COMMAND, which prints complaints, has none; then complains as it does. A unit that has ended is not
# waited for, and once a wait was in vain the same case does not wait again. It looks once a second: each look takes time from
# the guest.
until_so() {
	local end=$((SECONDS + patience)) complaint ended=false _
	while complaint=$("$@") && [[ -n $complaint && ! -e $work/in-vain ]] && ((SECONDS < end)) && ! "$ended"; do
		read -r -t 1 -u "$never" _
		! is ActiveState '^(inactive|failed)$' || ended=true
	done
	[[ -z $complaint ]] || complaint=$("$@")
	[[ -z $complaint ]] || { echo "$complaint"; : >"$work/in-vain"; }
}

matches() {
	local value
	value=$(show "$1")
	[[ $value =~ $2 ]] || echo "$1 is \"$value\", not /$2/"
}

# await_property PROPERTY REGEX: until it is so; complains where it does not become so.
await_property() {
	until_so matches "$@"
}

# state KEY VALUE: complains unless the VM's state file has that.
state() {
	grep -qxF "$1=$2" "$vsock"_*.state || echo "the state is not $1=$2: $(grep "^$1=" "$vsock"_*.state 2>&1)"
}

# ---- what was said -------------------------------------------------------------------------------

# mark: told and lines are from here on. From an entry of its own on, as --after-cursor of systemd 252 skips one entry more if the
# cursor's is not among those that are asked for.
mark() {
	systemd-cat -t mark echo mark
	journalctl --sync
	cursor=$(journalctl -t mark -n 1 --show-cursor -o cat --no-pager | sed -n 's/^-- cursor: //p')
}

journal() {
	journalctl --sync
	journalctl -o cat --no-pager "--cursor=$cursor" "$@"
}

# What the service manager was told by $unit, a message a line, its fields separated by ", ".
told() {
	journal -u "$unit" _PID=1 | sed -nE 's/.*Got notification message from PID [0-9]+ \((.*)\)$/\1/p
		s/.*Got notification message from PID [0-9]+: (.*)$/\1/p'
}

# told_in_order REGEX...: complains unless messages that match came in this order; others may be between.
told_in_order() {
	local message messages
	mapfile -t messages < <(told)
	for message in "${messages[@]}"; do
		[[ $# -eq 0 || ! $message =~ $1 ]] || shift
	done
	[[ $# -eq 0 ]] || echo "the service manager was not told /$1/ in order, but: $(printf '%s; ' "${messages[@]:0:12}")"
}

never_told() {
	told | grep -E -m 1 "$1" | sed 's/^/the service manager was told: /'
}

# What vsock-notify logged.
lines() {
	journal -u "$unit" SYSLOG_IDENTIFIER=vsock-notify
}

# logged REGEX: complains unless vsock-notify logged such a line.
logged() {
	[[ -n $(lines | grep -E -m 1 "$1") ]] || echo "no line /$1/ in the log"
}

# What came of what the guest said, a message a line: by vsock-notify's log of it, or as the service manager was told.
said() {
	case $bridge in
	vsock-notify) lines | sed -nE 's/^guest [0-9]+(, port [0-9]+)?: "(.*)"$/\2/p' ;;
	socat) told ;;
	esac
}

# announcements PREFIX: what came of PID 1's announcements of units with names that begin so: ACTIVE NAME or INACTIVE NAME.
announcements() {
	said | sed -nE "s/^X_SYSTEMD_UNIT_(IN)?ACTIVE=($1.*)$/\1ACTIVE \2/p"
}

# announced UNIT: complains unless PID 1 has announced it as active.
announced() {
	announcements "$1" | grep -qx "ACTIVE $1" || echo "$1 was not announced"
}

# empty_connections: how many connections ended without a byte, by vsock-notify's log: each may be a message that the VMM lost.
empty_connections() {
	case $bridge in
	vsock-notify) lines | grep -c ': 0 bytes,' ;;
	socat) echo "(not known)" ;;
	esac
}

# held: how long the bridge held the guest's messages in all, by its own log, and how many. For socat that is from the moment in
# which it accepts a connection until the process that it forks for it exits.
held() {
	case $bridge in
	vsock-notify) lines | sed -nE 's/.*held ([0-9]+) us$/\1/p' ;;
	socat) journal -u "$unit" | awk -F'[] :[]' '
		/ socat\[[0-9]+\] / { now = ($2 * 3600 + $3 * 60 + $4) * 1000000; pid = $6 }
		/ N accepting connection / { accepted = now }
		/ N forked off child process / { since[$NF] = accepted }
		/ N exiting with status / && pid in since { print now - since[pid]; delete since[pid] }' ;;
	esac | awk '{ sum += $1 } END { printf "%.0f ms in %d connections", sum / 1000, NR }'
}

# boot_figures: what came of the boot that began at the mark.
boot_figures() {
	local seconds=never target=lost
	! is ActiveState '^active$' || seconds=$(($(show ActiveEnterTimestampMonotonic) - $(show InactiveExitTimestampMonotonic)))
	[[ $seconds == never ]] || printf -v seconds 'after %d.%d s' $((seconds / 1000000)) $((seconds / 100000 % 10))
	! announcements multi-user.target | grep -q . || target=announced
	echo "READY $seconds, multi-user.target $target, $(said | wc -l) messages, $(announcements 'burst@' | wc -l) of them of burst@," \
		"$(empty_connections) connections without a byte, held $(held)"
}

# ---- the guest, and the VMM ----------------------------------------------------------------------

# in_guest SCRIPT: has a shell in the guest run it, and prints what that prints. Not closed by half: not all VMMs pass that on.
in_guest() {
	printf 'CONNECT 1000\n%s\nexit\n' "$1" | timeout "$patience" socat "-t$patience" - "UNIX-CONNECT:$vsock,shut-none" 2>>"$work/socat.err" | tail -n +2
}

# watches_button: complains unless the guest's logind has found the power button, which takes it a moment.
watches_button() {
	in_guest 'journalctl -b -o cat -u systemd-logind' | grep -q 'Watching system buttons' || echo "the guest watches no power button"
}

# watches_keys: complains unless the guest's kernel has found the keyboard whose Ctrl+Alt+Del it heeds.
watches_keys() {
	in_guest 'cat /proc/bus/input/devices' | grep -q 'AT .* keyboard' || echo "the guest watches no keyboard"
}

# restarted: complains unless systemd has started $unit again.
restarted() {
	is NRestarts '^[1-9]' || echo "NRestarts is $(show NRestarts)"
}

# booted: complains unless the guest's report.service has said that the boot is over, which it does on its console: a file, or with
# Firecracker the VMM's output.
booted() {
	case $kind in
	cloud-hypervisor) cat "$store/console" 2>&1 ;;
	firecracker) journal -u "$unit" ;;
	esac | grep -q 'booted: multi-user.target is active' || echo "the guest does not say that it has booted"
}

# api REQUEST [JSON]: asks cloud-hypervisor; complains where it is not answered with success. It leaves the connection open.
api() {
	local json=${2:-} answer=''
	coproc timeout "$patience" socat - UNIX-CONNECT:"$run/api" 2>>"$work/socat.err"
	printf 'PUT /api/v1/%s HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
		"$1" "${#json}" "$json" >&"${COPROC[1]}"
	read -r -t "$patience" answer <&"${COPROC[0]}"
	kill "$COPROC_PID"
	wait "$COPROC_PID"
	[[ $answer =~ ^HTTP/1.1\ 20[04] ]] || echo "cloud-hypervisor answers $1 with \"$answer\""
}

# judge NAME COMPLAINTS: the verdict; where there are complaints, with how $unit is and what was said of it.
judge() {
	rm -f "$work/in-vain"
	verdict "$label-$1" "$2"
	if [[ -n $2 ]]; then
		systemctl show -p ActiveState,SubState,Result,ExecMainCode,ExecMainStatus,StatusText,MainPID,NRestarts "$unit" |
			paste -sd ' ' | sed 's/^/#   /'
		told | tail -n 20 | sed 's/^/#   told: /'
		lines | tail -n 20 | sed 's/^/#   /'
		tail -n 5 "$store/console" 2>&1 | sed 's/\x1b[^a-zA-Z]*[a-zA-Z]//g' | tr -dc '[:print:]\n' | awk '{ print "#   console: " $0 }'
	fi
}

# figure TEXT: for the report.
figure() {
	echo "# $label: $*"
}
