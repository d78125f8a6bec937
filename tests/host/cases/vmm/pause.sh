# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# cloud-hypervisor is told to pause and to resume its VM: what it reports of that is seen on the host.

# api REQUEST: complains where it is not answered with success. The connection stays open until then, and is not closed by
# the other side.
api() {
	local answer=''
	coproc socat - UNIX-CONNECT:"$run/api" 2>>"$work/socat.err"
	printf 'PUT /api/v1/%s HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n' "$1" >&"${COPROC[1]}"
	read -r -t "$patience" answer <&"${COPROC[0]}"
	kill "$COPROC_PID"
	wait "$COPROC_PID"
	[[ $answer =~ ^HTTP/1.1\ 20[04] ]] || echo "cloud-hypervisor answers $1 with \"$answer\""
}

if [[ $template == cloud-hypervisor ]]; then
	vmm_options="--api-socket @RUN@/api"
	vm pause 'boot hang'
	judge pause-and-resume "$(
		job start || echo "systemctl start failed"
		api vm.pause
		await_property StatusText '[Pp]aused'
		properties ActiveState=active
		api vm.resume
		until_so told_in_order 'STATUS=.*[Pp]aused' STATUS=
		never_told 'STOPPING=1'
	)"
	vmm_options=
fi
