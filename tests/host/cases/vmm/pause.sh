# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# cloud-hypervisor is told to pause and to resume its VM: what it reports of that is seen on the host.

api() {
	local answer
	answer=$(printf 'PUT /api/v1/%s HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n' "$1" | timeout 10 socat -t2 - UNIX-CONNECT:"$vms/api")
	[[ $answer == *' 204 '* || $answer == *' 200 '* ]] || echo "cloud-hypervisor answers $1 with: $answer"
}

if [[ $template == cloud-hypervisor ]]; then
	vmm_options="--api-socket $vms/api"
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
