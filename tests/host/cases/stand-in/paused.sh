# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# A VM that is paused cannot hear its power button: a stop resumes it first.

vmm_options="--api-socket path=@RUN@/api"
shutdown='say=STATUS=stopping say=EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=poweroff'

# stopped_after_resume: complains unless "systemctl stop" resumes $unit's VM, then presses its power button.
stopped_after_resume() {
	job stop || echo "systemctl stop failed"
	properties ActiveState=inactive Result=success ExecMainStatus=0
	same "requests to the API" 'vm.resume vm.power-button' "$(lines | sed -nE 's/.*api: PUT .api.v1.(vm[a-z.-]*) .*/\1/p' | paste -sd ' ')"
	never_said 'stand-in: SIGTERM'
}

vm paused-stop "api=204 say=READY=1 event=vm:pausing event=vm:paused resume event=vm:resuming event=vm:resumed power-button $shutdown" --stop-timeout=60s
judge paused-vm-is-resumed-and-stopped "$(
	job start || echo "systemctl start failed"
	await_property StatusText '[Pp]aused'
	stopped_after_resume
)"

# cloud-hypervisor sends no event for it: without resume=true a restored VM is paused. Its guest has no last word here.
template=restored
vm restored-stop 'api=204 event=vm:restored resume event=vm:resumed power-button' --stop-timeout=60s
judge restored-vm-that-was-not-resumed-is-resumed-and-stopped "$(
	job start || echo "systemctl start failed"
	stopped_after_resume
)"
template=cloud-hypervisor

# Resumed by somebody else: nothing is to be done before the power button.
vm resumed-stop "api=204 say=READY=1 event=vm:paused event=vm:resumed say=STATUS=up power-button $shutdown" --stop-timeout=60s
judge resumed-vm-is-only-stopped "$(
	job start || echo "systemctl start failed"
	await_property StatusText '^up$'
	job stop || echo "systemctl stop failed"
	properties ActiveState=inactive Result=success
	never_said 'PUT /api/v1/vm.resume'
)"
vmm_options=
