# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# systemd-run --pty: the VMM has the terminal, reads from it and writes to it; the guest's exit status is systemd-run's.
# script(1) is the terminal on which systemd-run is started.

instance=$label-terminal
unit=$instance.service
run=(systemd-run --pty --unit="$unit" --property=Type=notify --property=NotifyAccess=main
	--setenv=WORDS='say=READY=1 line say=EXIT_STATUS=42\nX_SYSTEMD_SHUTDOWN=exit'
	/usr/local/bin/vsock-notify run --log-level=debug -- "$vmm" --kernel /guest.elf)
start_status=0
echo 'over the terminal' | timeout 60 script --quiet --return --flush --command "$(printf '%q ' "${run[@]}")" "$work/terminal" \
	>"$work/terminal.copy" || start_status=$?
judge systemd-run-pty "$(
	same "systemd-run's exit status" 42 "$start_status"
	grep -q 'stand-in: line' "$work/terminal" || echo "the VMM's lines are not on the terminal: $(cat "$work/terminal")"
	told_in_order READY=1 '^STATUS=over the terminal$'
)"
