# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# cloud-hypervisor pauses the VM and resumes it.

vm one
only cloud-hypervisor || return 0
judge pause-and-resume "$(
	up
	api vm.pause
	await_property StatusText '[Pp]aused'
	properties ActiveState=active
	api vm.resume
	until_so told_in_order 'STATUS=.*paused' STATUS=
	same "the guest" alive "$(in_guest 'echo alive')"
	never_told STOPPING=1
)"
