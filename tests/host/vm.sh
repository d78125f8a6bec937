# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For sourcing on the host that host.sh boots, after tests/lib.sh: units of VMs, what the service manager makes of them, and
# what it was told. What is being tried is in
#   $label     before each case's name
#   $template  the unit's: qemu, cloud-hypervisor, firecracker, firecracker-api, restored, socat, socat-qemu or socat-firecracker
#   $vmm       the VMM's program
# and the unit of the case in $unit.
# shellcheck disable=SC2034,SC2154 # the variables above, and $work

host_version=$(systemctl --version | sed -n '1s/^systemd \([0-9]*\).*/\1/p')
vms=/run/vms
units=/run/systemd/system
unit=none
instance=none
run=none
vmm_options=
log_level=
# How long anything that has to come may take.
patience=20
exec {never}<> <(:) # nobody writes to it: a pause

install_units() {
	local source=/project/tests/host/units template
	install -d "$vms" "$units"
	for template in "$source"/*@.service; do
		template=$(basename "$template" @.service)
		install -D -m 644 "$source/vm.conf" "$units/$template@.service.d/10-vm.conf"
		install -m 644 -t "$units" "$source/$template@.service"
		[[ ! -f $source/$template.conf ]] || install -m 644 "$source/$template.conf" "$units/$template@.service.d/20-$template.conf"
	done
	systemctl daemon-reload
}

# ---- a unit --------------------------------------------------------------------------------------

# vm NAME "WORDS" [OPTION...]: $unit is from now on that of a VM which does WORDS, whose wrapper has the OPTIONs, and whose
# VMM has $vmm_options too, where @RUN@ is its runtime directory, $run.
vm() {
	instance=$label-$1
	unit=$template@$instance.service
	run=/run/vm-$instance
	{
		echo "WORDS='$2'"
		echo "VMM='$vmm'"
		echo "OPTIONS='--log-level=${log_level:-debug} ${*:3}'"
		echo "VMM_OPTIONS='${vmm_options//@RUN@/$run}'"
	} >"$vms/$instance"
	[[ -e $vms/$instance.steps ]] || mkfifo "$vms/$instance.steps"
	[[ $template != *firecracker* ]] || firecracker_configuration "$2" >"$vms/$instance.json"
}

firecracker_configuration() {
	cat <<-JSON
		{
		  "boot-source": {
		    "kernel_image_path": "/guest.elf",
		    "boot_args": "systemd.set_credential=vmm.notify_socket:vsock-stream:2:1234 ${1//\\/\\\\}"
		  },
		  "drives": [],
		  "machine-config": {"vcpu_count": 1, "mem_size_mib": 64},
		  "vsock": {"guest_cid": 3, "uds_path": "$run/vsock"}
		}
	JSON
}

# setting "NAME=VALUE"...: of $unit's section [Service].
setting() {
	install -d "$units/$unit.d"
	printf '%s\n' '[Service]' "$@" >"$units/$unit.d/50-case.conf"
	systemctl daemon-reload
}

# job VERB [OPTION...]: a job of $unit, until it is done, but not for ever. Its status is systemctl's.
job() {
	timeout 60 systemctl "$1" "$unit" "${@:2}" 2>>"$work/systemctl.err"
}

# Starts $unit while the case goes on.
begin_start() {
	{
		job start
		echo "$? ${EPOCHREALTIME/[.,]/}" >"$work/started"
	} &
	starting=$!
}

# Waits for the end of what begin_start began: systemctl's status is in $start_status, and when it ended, in microseconds
# since 1970, in $start_ended.
end_start() {
	wait "$starting"
	read -r start_status start_ended <"$work/started"
}

# Ends $unit, whatever it does, and forgets how it was.
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

# until_so COMMAND...: until COMMAND, which prints complaints, has none; then complains as it does. A unit that has failed
# for good is not waited for, only its processes are.
until_so() {
	local end=$((SECONDS + patience)) complaint over=false _
	while complaint=$("$@") && [[ -n $complaint ]] && ((SECONDS < end)) && ! "$over"; do
		read -r -t 0.02 -u "$never" _
		if [[ $1 != gone ]] && is SubState '^failed$'; then
			over=true
		fi
	done
	[[ -z $complaint ]] || echo "$complaint"
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

# The process of $unit's VMM: the wrapper's child. Nothing where there is none.
vmm_pid() {
	local main
	main=$(show MainPID)
	[[ $main == 0 ]] || awk -v main="$main" '$1 == "PPid:" && $2 == main { split(FILENAME, part, "/"); print part[3] }' \
		/proc/[0-9]*/status 2>>"$work/systemctl.err" | sort -n | tail -n 1
}

# end_process PID SIGNAL: a process that there is, and no other.
end_process() {
	if [[ ! $1 =~ ^[1-9][0-9]+$ ]]; then
		echo "there is no process to send SIG$2 to"
	elif ! kill -s "$2" "$1" 2>>"$work/systemctl.err"; then
		echo "process $1 is gone already"
	fi
}

# gone PID: complains where there is such a process.
gone() {
	[[ -n $1 && ! -d /proc/$1 ]] || echo "process $1 is still there"
}

# ---- what was said -------------------------------------------------------------------------------

# What the service manager was told by $unit, a message a line, its fields separated by ", ".
told() {
	journalctl --sync
	journalctl -u "$unit" -o cat --no-pager _PID=1 |
		sed -nE 's/.*Got notification message from PID [0-9]+ \((.*)\)$/\1/p; s/.*Got notification message from PID [0-9]+: (.*)$/\1/p'
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

# knows_whose_lines: fails before systemd 254. Its journal takes some of $unit's lines for PID 1's: it remembers a process by its first
# entry, and that is what systemd's debug log says as that process before it executes anything.
knows_whose_lines() {
	((host_version >= 254))
}

# What $unit's processes wrote.
lines() {
	journalctl --sync
	journalctl -o cat --no-pager _SYSTEMD_UNIT="$unit" _TRANSPORT=stdout + _SYSTEMD_UNIT="$unit" SYSLOG_IDENTIFIER=vsock-notify
}

said() {
	[[ -n $(lines | grep -E -m 1 "$1") ]] || echo "no line /$1/ in the journal"
}

never_said() {
	lines | grep -E -m 1 "$1" | sed 's/^/the journal says: /'
}

# ready_at CLOCK (REALTIME or MONOTONIC): when vsock-notify had READY=1 in its hands, in microseconds, by the journal.
ready_at() {
	journalctl --sync
	journalctl -u "$unit" -o json --no-pager |
		sed -nE "/guest [0-9]+: .{0,2}\"READY=1/ s/.*\"__$1_TIMESTAMP\" ?: ?\"([0-9]+)\".*/\1/p" | head -n 1
}

# step: lets a stand-in go on to its next word.
step() {
	timeout "$patience" bash -c 'echo >"$1"' step "$vms/$instance.steps" || echo "the stand-in waits for no step"
}

# judge NAME COMPLAINTS: the verdict; where there are complaints, with how $unit is and what its journal says. Ends it.
judge() {
	verdict "$label-$1" "$2"
	if [[ -n $2 ]]; then
		systemctl show -p ActiveState,SubState,Result,ExecMainCode,ExecMainStatus,StatusText,MainPID,NRestarts "$unit" |
			paste -sd ' ' | sed 's/^/#   /'
		told | tail -n 20 | sed 's/^/#   told: /'
		lines | tail -n 20 | sed 's/^/#   /'
	fi
	discard
}
