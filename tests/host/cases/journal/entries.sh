# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# What the journal is told: entries with fields, of the unit, to the last one; what the catalog makes of them.

# entries MATCH...: of the case's VM, as JSON.
entries() {
	journalctl --sync
	journalctl -o json --no-pager VSOCK_NOTIFY_VM="vm-$instance" "$@"
}

# has_each ENTRIES NAME=VALUE...: complains of each field that is not in each of them.
has_each() {
	local pair
	for pair in "${@:2}"; do
		grep -vE "\"${pair%%=*}\" ?: ?\"${pair#*=}\"" <<<"$1" | sed "s/^/no $pair in /"
	done
}

values_of() {
	sed -nE "s/.*\"$1\" ?: ?\"([^\"]*)\".*/\1/p" | paste -sd ' '
}

life='say=X_SYSTEMD_HOSTNAME=web say=X_SYSTEMD_UNIT_ACTIVE=basic.target say=READY=1\nSTATUS=Up. say=STATUS=busy say=READY=1 say=MAINPID=1 say=MAINPID=1 event=vm:paused event=vm:resumed event=vm:rebooted say=X_SYSTEMD_UNIT_ACTIVE=rescue.target say=READY=1 step say=X_SYSTEMD_UNIT_INACTIVE=rescue.target say=EXIT_STATUS=42\nX_SYSTEMD_SHUTDOWN=poweroff exit=0'
log_level=info
vm entries "$life"
job start
# Entries have to be told before the next event of the stand-in's, which comes by another way.
until_so matches StatusText emergency >"$work/until"
step >>"$work/until"
until_so matches ActiveState '^(inactive|failed)$' >>"$work/until"
verdict "$label-end" "$(cat "$work/until")"

catalog=/installed/usr/lib/systemd/catalog/vsock-notify.catalog
install -D -m 644 -t /usr/local/lib/systemd/catalog "$catalog"
verdict "$label-catalog-is-taken" "$(journalctl --update-catalog 2>&1)"
verdict "$label-catalog-is-listed" "$(
	same "entries" "$(grep -c '^-- ' "$catalog")" \
		"$(journalctl --list-catalog | grep -cF 'vsock-notify: ')"
)"

all=$(entries | grep VSOCK_NOTIFY_EVENT)
verdict "$label-events" "$(
	seen=" $(values_of VSOCK_NOTIFY_EVENT <<<"$all") "
	for event in started booting field unit-active ready refused paused resumed rebooted emergency unit-inactive \
		stopping exit stopped; do
		[[ $seen == *" $event "* ]] || echo "no event $event"
	done
	same "lives" 2 "$(entries VSOCK_NOTIFY_EVENT=booting | grep -c '')"
	same "the last events" 'stopping exit stopped' "$(values_of VSOCK_NOTIFY_EVENT <<<"$all" | awk '{ print $(NF-2), $(NF-1), $NF }')"
	same "refused" 1 "$(entries VSOCK_NOTIFY_EVENT=refused | grep -c '')"
)"
verdict "$label-ready-is-one" "$(same "entries" 1 "$(entries VSOCK_NOTIFY_EVENT=ready | grep -c '')")"
verdict "$label-fields" "$(
	has_each "$all" SYSLOG_IDENTIFIER=vsock-notify _TRANSPORT=journal 'MESSAGE_ID=[0-9a-f]{32}' 'PRIORITY=[46]'
	! knows_whose_lines || has_each "$all" "_SYSTEMD_UNIT=$unit"
	has_each "$(entries VSOCK_NOTIFY_EVENT=ready)" VSOCK_NOTIFY_GUEST_HOSTNAME=web PRIORITY=6 'MESSAGE=guest ready after [0-9]+\.[0-9]{3} s'
	has_each "$(entries VSOCK_NOTIFY_EVENT=unit-inactive)" VSOCK_NOTIFY_UNIT=rescue.target
	has_each "$(entries VSOCK_NOTIFY_EVENT=exit)" VSOCK_NOTIFY_EXIT_STATUS=42
	has_each "$(entries VSOCK_NOTIFY_EVENT=stopped)" VSOCK_NOTIFY_EXIT_STATUS=42
	has_each "$(entries VSOCK_NOTIFY_EVENT=emergency)" PRIORITY=4
	same "units" 'basic.target rescue.target' "$(entries VSOCK_NOTIFY_EVENT=unit-active | values_of VSOCK_NOTIFY_UNIT)"
)"
verdict "$label-catalog-explains-each" "$(
	explained=$(journalctl --no-pager -x VSOCK_NOTIFY_VM="vm-$instance" | grep -cE 'Subject: .*(guest of|VM) ?.*vm-'"$instance")
	same "entries that are explained" "$(grep -c '' <<<"$all")" "$explained"
)"

# Where the protocol is not to be had, a line is one with a priority, as of any service.
vm plain 'say=READY=1 hang'
setting 'InaccessiblePaths=/run/systemd/journal/socket'
judge without-the-socket-there-are-lines "$(
	job start || echo "systemctl start failed"
	same "entries" 0 "$(entries | grep -c '')"
	! knows_whose_lines || said '^guest ready'
	! knows_whose_lines || has_each "$(journalctl -o json --no-pager "_SYSTEMD_UNIT=$unit" | grep '"guest ready')" _TRANSPORT=stdout PRIORITY=6
)"

# journald is replaced while a VM runs.
vm journald 'say=READY=1 step say=STATUS=on say=X_SYSTEMD_UNIT_ACTIVE=on.target hang'
judge journald-is-restarted "$(
	job start || echo "systemctl start failed"
	systemctl restart systemd-journald
	step
	await_property StatusText '^on$'
	until_so said 'UNIT_ACTIVE=on.target'
	has_each "$(entries VSOCK_NOTIFY_EVENT=unit-active)" VSOCK_NOTIFY_UNIT=on.target _TRANSPORT=journal "_SYSTEMD_UNIT=$unit"
)"

# The journal finds out an entry's unit by its process, which may have ended when a busy journald gets to it. What is known of
# a process is forgotten after a while: at once where journald is started anew. What systemd's debug log says as that
# process, before it executes anything, would make it known.
journald_is() {
	systemctl kill -s "$1" systemd-journald.service
}
systemctl log-level info

vm last 'say=READY=1 step say=EXIT_STATUS=3\nX_SYSTEMD_SHUTDOWN=exit exit=0'
verdict "$label-last-entries-are-the-units" "$(
	job start || echo "systemctl start failed"
	until_so said '^guest ready'
	vmm_process=$(vmm_pid)
	main=$(show MainPID)
	systemctl restart systemd-journald.service
	journald_is STOP
	step
	until_so gone "$vmm_process"
	[[ -d /proc/$main ]] || echo "it did not wait for the journal"
	journald_is CONT
	until_so matches ActiveState '^(inactive|failed)$'
	same "entries" 'stopping exit stopped' "$(entries "_SYSTEMD_UNIT=$unit" | grep VSOCK_NOTIFY_EVENT | tail -n 3 | values_of VSOCK_NOTIFY_EVENT)"
)"
discard

vm error hang --frobnicate
verdict "$label-an-error-is-the-units" "$(
	journald_is STOP
	job start && echo "systemctl start succeeded"
	until_so matches ActiveState '^(inactive|failed)$'
	journald_is CONT
	said '^--frobnicate is not an option'
)"
discard
systemctl log-level debug
log_level=
