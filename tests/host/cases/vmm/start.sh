# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# systemctl start returns when the guest is ready: not before, and at once; and systemctl status has its words. Only the
# figure is tried again, up to three times, as another process of a busy machine may come between.

for try in 1 2 3; do
	vm "start-$try" 'say=STATUS=still\schecking wait=400000 boot hang'
	begin_start
	early=$(
		await_property StatusText '^still checking$'
		properties ActiveState=activating SubState=start
	)
	end_start
	wrong=$(
		[[ $start_status == 0 ]] || echo "systemctl start failed"
		properties ActiveState=active SubState=running NotifyAccess=main
	)
	ready=$(ready_at REALTIME)
	ready=${ready:-0}
	late=$((start_ended - ready))
	active=$(ready_at MONOTONIC)
	active=$(($(show ActiveEnterTimestampMonotonic) - ${active:-0}))
	echo "# $label: READY=1 at vsock-notify, unit active after $active us, systemctl start returned after $late us"
	((late > 100000)) || break
	((try == 3)) || discard
done
verdict "$label-start-waits-for-ready" "$early"
verdict "$label-start-succeeds" "$wrong"
! knows_whose_lines || verdict "$label-start-returns-within-100-ms" "$( ((ready > 0 && late >= 0 && late <= 100000)) || echo "returned $late us after READY=1")"
judge status-text "$(await_property StatusText '^Ready\.$')"

vm status 'boot say=STATUS=serving\s7\sclients hang'
judge status-is-live "$(
	job start || echo "systemctl start failed"
	await_property StatusText '^serving 7 clients$'
	systemctl status --no-pager "$unit" | grep -q 'Status: "serving 7 clients"' || echo "systemctl status does not show it"
)"
