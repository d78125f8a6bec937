# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The same guest as in hostile.sh where socat stands in vsock-notify's place, as launch scripts have it (NotifyAccess=all):
# what each message does to the host. These cases fail where the attack fails: they show that those of hostile.sh are real.

# shellcheck source=SCRIPTDIR/../../hostile.sh
. /project/tests/host/hostile.sh

product=$template
template=socat
[[ $product == cloud-hypervisor ]] || template=socat-$product

# A child of socat's that lives on: with -t0 some of its messages are lost (many-starts.sh), which is another matter.
# socat_vm NAME MESSAGE [SETTING...]
socat_vm() {
	hostile_vm "socat-$1" "$2"
	setting NotifyAccess=all FileDescriptorStoreMax=8 'Environment="SOCAT_OPTIONS=-t0.2 -T0.2"' "${@:3}"
}

# damage NAME PROPERTY REGEX [SETTING...]: after that message of the table PROPERTY is so, and was not before.
damage() {
	socat_vm "$1" "$(message_of "$1")" "${@:4}"
	judge "socat-lets-$1-pass" "$(
		start_to_gate
		! is "$2" "$3" || echo "$2 is so from the start: $(show "$2")"
		open_gate
		await_property_of_any "$2" "$3"
	)"
	end_hostile
}

# As await_property, but of a unit that may have failed for good.
await_property_of_any() {
	local end=$((SECONDS + patience)) _
	until is "$1" "$2" || ((SECONDS >= end)); do
		read -r -t 0.02 -u "$never" _
	done
	matches "$@"
}

start_victim
socat_vm mainpid "$(message_of mainpid)"
judge socat-lets-a-guest-end-another-service "$(
	start_to_gate
	open_gate
	await_property MainPID "^$victim_pid\$"
	victim_is "active $victim_pid"
	job stop
	victim_is "inactive 0"
)"
end_hostile
stop_victim

start_victim
((host_version < 254)) || damage notifyaccess NotifyAccess '^none$'
((host_version < 254)) || damage fdstoreremove NFileDescriptorStore '^0$'
damage watchdog-trigger Result '^watchdog$'
damage watchdog-usec Result '^watchdog$'
damage reloading ActiveState '^reloading$'
damage errno StatusErrno '^5$'
((host_version < 256)) || damage buserror StatusBusError '^org\.example\.Error$'
((host_version < 257)) || damage varlinkerror StatusVarlinkError '^org\.example\.Error$'
damage newline Result '^watchdog$'
damage carriage-return Result '^watchdog$'

socat_vm watchdog WATCHDOG=1 WatchdogSec=60
judge socat-lets-watchdog-pass "$(
	start_to_gate
	before=$(show WatchdogTimestampMonotonic)
	open_gate
	await_property StatusText '^1$'
	[[ $(show WatchdogTimestampMonotonic) -gt $before ]] || echo "the watchdog was not reset"
)"
end_hostile

# The host waits for an end that does not come, and then kills the VM.
socat_vm stopping STOPPING=1 TimeoutStopSec=1
judge socat-lets-stopping-pass "$(
	start_to_gate
	open_gate
	await_property_of_any SubState '^failed$'
	properties Result=timeout
)"
end_hostile

socat_vm status 'STATUS=red\x1b[31m'
judge socat-lets-control-characters-pass "$(
	start_to_gate
	open_gate
	until_so told_in_order $'STATUS=red\e\\[31m|STATUS=red.x1b' STATUS=1
)"
end_hostile

# A start timeout of two seconds, which the guest makes a day.
vm hostile-socat-extend 'say=EXTEND_TIMEOUT_USEC=86400000000 say=STATUS=done hang'
setting NotifyAccess=all TimeoutStartSec=2 'Environment="SOCAT_OPTIONS=-t0.2 -T0.2"'
begin_start
judge socat-lets-the-start-timeout-be-extended "$(
	await_property StatusText '^done$'
	timeout 4 tail --pid="$starting" -f /dev/null && echo "systemctl start has ended"
	properties ActiveState=activating
)"
end_start

if ((host_version >= 258)); then
	socat_vm restart-reset RESTART_RESET=1 Restart=on-failure RestartSec=100ms
	judge socat-lets-restart-reset-pass "$(
		start_to_gate
		end_process "$(show MainPID)" KILL
		await_property NRestarts '^1$'
		await_property ActiveState '^active$'
		open_gate
		await_property NRestarts '^0$'
	)"
	end_hostile
fi

stop_victim
template=$product
