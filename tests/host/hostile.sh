# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# For cases, after vm.sh: what a hostile guest says to the service manager, one message at a time, and what there is to see
# of it. The guest stops at a gate when it is up, so that the state before its message is known; the gate is a connection
# to another port of the host, which lasts until the case ends it.

# ---- what is said --------------------------------------------------------------------------------

# Every field of sd_notify(3), of systemd 262, that acts on the host or is shown there, as "NAME MESSAGE" with the tiny
# guest's escapes; @VICTIM@ is the main process of another service. READY=, STATUS= and BARRIER=1 are in the last ones, which
# hide others; EXTEND_TIMEOUT_USEC= has cases of its own.
attacks=(
	'mainpid MAINPID=@VICTIM@'
	'mainpidfdid MAINPID=@VICTIM@\nMAINPIDFDID=1'
	'mainpidfd MAINPIDFD=1'
	'notifyaccess NOTIFYACCESS=none'
	'notifyaccess-all NOTIFYACCESS=all'
	'fdstore FDSTORE=1\nFDNAME=guest\nFDPOLL=0'
	'fdstoreremove FDSTOREREMOVE=1\nFDNAME=kept'
	'watchdog WATCHDOG=1'
	'watchdog-trigger WATCHDOG=trigger'
	'watchdog-usec WATCHDOG_USEC=200000'
	'stopping STOPPING=1'
	'reloading RELOADING=1\nMONOTONIC_USEC=1'
	'monotonic-usec MONOTONIC_USEC=1'
	'restart-reset RESTART_RESET=1'
	'errno ERRNO=5'
	'buserror BUSERROR=org.example.Error'
	'varlinkerror VARLINKERROR=org.example.Error'
	'exit-status EXIT_STATUS=7'
	'extension X_EXAMPLE=1'
	'barrier BARRIER=1\nMAINPID=@VICTIM@'
	'newline STATUS=one\nMAINPID=@VICTIM@\nWATCHDOG=trigger\nREADY=1\nNOTIFYACCESS=none'
	'carriage-return STATUS=one\x0dMAINPID=@VICTIM@\x0dWATCHDOG=trigger'
	'nul STATUS=one\x00\nMAINPID=@VICTIM@\nWATCHDOG=trigger'
)

# message_of NAME
message_of() {
	local attack
	for attack in "${attacks[@]}"; do
		[[ ${attack%% *} != "$1" ]] || echo "${attack#* }"
	done
}

# names_in MESSAGE: a regex of the fields in it that a guest may not send.
names_in() {
	local names
	names=$(grep -oE '(^|\\n|\\x0d)[A-Z_]+=' <<<"$1" | sed -E 's/^(\\n|\\x0d)//' |
		grep -vxE '(STATUS|READY|BARRIER)=' | paste -sd '|')
	echo "(^|, )($names)"
}

# ---- a VM that says it ---------------------------------------------------------------------------

gate_port=77

# hostile_vm NAME "MESSAGE..." [OPTION...]: as vm(): the guest boots (by the word $boot, where that is set), and before each
# MESSAGE stops at the gate. After each it says STATUS=1, STATUS=2 ...
hostile_vm() {
	local words=${boot:-boot} number=0 message
	for message in $2; do
		words+=" port=$gate_port say=gate port=1234 say=${message//@VICTIM@/$victim_pid} say=STATUS=$((number += 1))"
	done
	vm "hostile-$1" "$words hang" "${@:3}"
	gate=$vms/$instance.gate
	install -d "$run"
	[[ -e $gate ]] || mkfifo "$gate"
	rm -f "$run/vsock_$gate_port"
	socat -t60 UNIX-LISTEN:"$run/vsock_$gate_port",fork EXEC:"cat $gate" {never}<&- 2>>"$work/gate.err" &
	gate_pid=$!
	pids+=("$gate_pid")
}

# Lets the guest go on, when it is there.
open_gate() {
	# shellcheck disable=SC2016 # for the inner shell
	timeout "$patience" bash -c ': >"$1"' gate "$gate" || echo "the guest did not come to the gate"
}

# Another service of the host, and its main process.
start_victim() {
	victim=$label-victim.service
	systemd-run --quiet --collect --unit="$victim" /bin/sleep infinity
	victim_pid=$(systemctl show --value -p MainPID "$victim")
}

stop_victim() {
	systemctl stop "$victim" 2>>"$work/systemctl.err"
}

# victim_is "STATE PID"
victim_is() {
	same "the other service's state and process" "$1" \
		"$(systemctl show --value -p ActiveState "$victim") $(systemctl show --value -p MainPID "$victim")"
}

# Puts a descriptor into the unit's store, as its main process would: root may speak for it. systemd-notify can since 254.
store_descriptor() {
	((host_version >= 254)) || return 0
	NOTIFY_SOCKET=/run/systemd/notify systemd-notify --pid="$(show MainPID)" --fd=3 --fdname=kept 3</etc/hostname {never}<&- \
		2>>"$work/systemctl.err"
	await_property NFileDescriptorStore '^1$'
}

# All that a guest must not change.
state() {
	systemctl show "$unit" -p MainPID,ExecMainPID,ExecMainCode,ExecMainStatus,NotifyAccess,NFileDescriptorStore \
		-p FileDescriptorStoreMax,WatchdogUSec,WatchdogTimestampMonotonic,Result,ReloadResult,ActiveState,SubState,NRestarts \
		-p TimeoutStartUSec,TimeoutStopUSec,TimeoutAbortUSec,RuntimeMaxUSec,StatusErrno,StatusBusError,StatusVarlinkError \
		-p InvocationID,ActiveEnterTimestampMonotonic | sort
}

# Starts $unit up to the gate, with a descriptor in its store. What state() is then is in $work/before.
start_to_gate() {
	job start || echo "systemctl start failed"
	await_property ActiveState '^active$'
	store_descriptor
	state >"$work/before"
	told | wc -l >"$work/told-before"
}

# Complains of what is no longer as it was at the gate.
unchanged() {
	state | diff "$work/before" - | sed -n 's/^> /changed to /p'
}

# As never_told, but for what the store was told.
never_told_since() {
	told | tail -n +$(($(<"$work/told-before") + 1)) | grep -E -m 1 "$1" | sed 's/^/the service manager was told: /'
}

end_hostile() {
	kill "$gate_pid" 2>>"$work/gate.err"
	wait "$gate_pid"
	forget "$gate_pid"
	rm -rf "$run"
}
