# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# systemctl stop, in the ways that a VM can be stopped in.

vm stop 'boot hang'
judge stop "$(
	job start || echo "systemctl start failed"
	vmm=$(vmm_pid)
	job stop || echo "systemctl stop failed"
	properties ActiveState=inactive Result=success
	gone "$vmm"
)"

vm stop-early 'say=STATUS=midway hang'
begin_start
judge stop-while-starting "$(
	await_property StatusText '^midway$'
	job stop || echo "systemctl stop failed"
	properties ActiveState=inactive Result=success
)"
end_start
verdict "$label-stop-while-starting-ends-systemctl" "$( ((start_status != 0)) || echo "systemctl start succeeded")"

vm exec-stop 'boot hang'
# shellcheck disable=SC2016 # systemd's own $MAINPID
setting 'ExecStop=/bin/sh -c "echo ExecStop of $MAINPID; kill -TERM $MAINPID"'
judge exec-stop-has-mainpid "$(
	job start || echo "systemctl start failed"
	main=$(show MainPID)
	job stop || echo "systemctl stop failed"
	! knows_whose_lines || said "^ExecStop of $main$"
	properties ActiveState=inactive Result=success
)"

# The tiny guest knows of no power button, so this comes to SIGTERM.
if [[ $template == cloud-hypervisor ]]; then
	vmm_options="--api-socket @RUN@/api"
	vm stop-api 'boot hang' --stop-timeout=1s
	judge stop-of-a-guest-that-ignores-the-power-button "$(
		job start || echo "systemctl start failed"
		job stop || echo "systemctl stop failed"
		properties ActiveState=inactive Result=success
	)"
	vmm_options=
fi
