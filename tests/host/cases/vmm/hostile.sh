# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# A guest that would be more to the service manager than it may. hostile-socat.sh shows what each of this would do.

# shellcheck source=SCRIPTDIR/../../hostile.sh
. /project/tests/host/hostile.sh

# attack_in_turn NAME ATTACK...: in one VM, as none of them is to change anything.
attack_in_turn() {
	local name=$1 messages=() attack message number=0
	shift
	for attack; do
		messages+=("${attack#* }")
	done
	hostile_vm "$name" "${messages[*]}"
	setting FileDescriptorStoreMax=8 WatchdogSec=60
	verdict "$label-hostile-$name-starts" "$(start_to_gate)"
	for attack; do
		message=${attack#* }
		verdict "$label-hostile-${attack%% *}-does-not-pass" "$(
			open_gate
			await_property StatusText "^$((number += 1))\$"
			unchanged
			never_told_since "$(names_in "$message")"
			victim_is "active $victim_pid"
		)"
		number=$((number + 1))
	done
	judge "hostile-$name-ends-alone" "$(
		job stop || echo "systemctl stop failed"
		properties ActiveState=inactive Result=success
		victim_is "active $victim_pid"
	)"
	end_hostile
}

start_victim
for ((first = 0; first < ${#attacks[@]}; first += 8)); do
	attack_in_turn "$((first / 8 + 1))" "${attacks[@]:first:8}"
done
stop_victim

# What passes is made harmless: the terminal of whoever asks for the status is not the guest's.
vm hostile-status 'boot say=STATUS=red\x1b[31m\x07\xff hang'
judge hostile-status-is-cleaned "$(
	job start || echo "systemctl start failed"
	await_property StatusText '^red\?\[31m\?\?$'
)"

# Guests that announce nothing (systemd before 256) end with STOPPING=1, so theirs passes. Who wants none of it says so.
start_victim
boot='boot-old'
hostile_vm stopping STOPPING=1 --plugin=notify,deny=STOPPING
boot=
setting FileDescriptorStoreMax=8
judge hostile-stopping-does-not-pass-where-denied "$(
	start_to_gate
	open_gate
	await_property StatusText '^1$'
	unchanged
	never_told_since '(^|, )STOPPING='
)"
end_hostile
stop_victim

# A guest that would be starting for ever: the unit's two seconds are what it has.
vm hostile-extend 'say=EXTEND_TIMEOUT_USEC=86400000000 say=EXTEND_TIMEOUT_USEC=18446744073709551615 hang' \
	--plugin=notify,max-extend=1,max-extend-total=1
setting TimeoutStartSec=2
judge hostile-extensions-are-capped "$(
	job start && echo "systemctl start succeeded"
	properties ActiveState=failed Result=timeout
	never_told 'EXTEND_TIMEOUT_USEC=([2-9]|1[0-9]*[1-9])[0-9]{6}'
)"
