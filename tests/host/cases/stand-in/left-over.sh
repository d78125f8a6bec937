# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# An API socket that a VMM left behind: cloud-hypervisor up to 52 and Firecracker do not remove theirs, and do not start where one
# is. Restart= works all the same. A live one is left alone, and not even connected to.

vmm_options="--api-socket path=@RUN@/api"
vm left-over 'api=204 say=READY=1 hang'
setting Restart=always RestartSec=100ms RuntimeDirectoryPreserve=yes
judge left-over-api-socket-is-removed "$(
	job start || echo "systemctl start failed"
	[[ -S $run/api ]] || echo "there is no API socket"
	end_process "$(vmm_pid)" KILL
	await_property NRestarts '^1$'
	await_property ActiveState '^active$'
	properties NRestarts=1
)"

# When the VMM has ended there is none either: whoever starts it next by other means finds nothing in the way.
vm left-over-after 'api=204 say=READY=1 step exit=0'
setting RuntimeDirectoryPreserve=yes
judge left-over-api-socket-is-removed-at-the-end "$(
	job start || echo "systemctl start failed"
	step
	await_property ActiveState '^inactive$'
	[[ ! -e $run/api ]] || echo "the API socket is still there"
)"

# kept_alive NAME: another program listens at $run/api, and is still there after $unit's VMM has failed because of that.
kept_alive() {
	install -d "$run"
	socat -d -d UNIX-LISTEN:"$run/api",fork EXEC:cat {never}<&- 2>"$work/live.log" &
	local pid=$!
	until_so listening_at "$run/api"
	job start && echo "systemctl start succeeded"
	await_property ActiveState '^failed$'
	[[ -S $run/api ]] || echo "the live socket was removed"
	same "an answer at the live socket" alive "$(socat -t5 - UNIX-CONNECT:"$run/api" <<<alive 2>&1)"
	same "connections to the live socket" 1 "$(grep -c 'accepting connection' "$work/live.log")"
	kill "$pid"
	wait "$pid"
}

listening_at() {
	grep -qE " 00010000 .* $1\$" /proc/net/unix || echo "nobody listens at $1"
}

vm left-over-live 'api=204 say=READY=1 hang'
setting RuntimeDirectoryPreserve=yes
judge live-api-socket-is-left-alone "$(kept_alive)"
vmm_options=

template=firecracker-api vmm=/stand-in/firecracker
vm left-over-firecracker 'api=204 say=READY=1 hang'
setting Restart=always RestartSec=100ms RuntimeDirectoryPreserve=yes
judge left-over-api-socket-of-firecracker-is-removed "$(
	job start || echo "systemctl start failed"
	end_process "$(vmm_pid)" KILL
	await_property NRestarts '^1$'
	await_property ActiveState '^active$'
	properties NRestarts=1
)"
template=cloud-hypervisor vmm=/stand-in/cloud-hypervisor
