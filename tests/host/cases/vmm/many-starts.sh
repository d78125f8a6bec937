# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Starts in a row, none of which misses READY=1. What loses it elsewhere is a sender that is gone when the service manager
# gets to its message, so the manager is kept busy all the while: by a guest that goes on talking, and by questions. Under
# cloud-hypervisor socat does the same, for comparison.

# starts COUNT: $missed is how many of them failed.
starts() {
	local i
	missed=0
	for ((i = 0; i < $1; i++)); do
		job start || missed=$((missed + 1))
		discard
	done
}

count=$QEMU_STARTS
words='boot n=100 hang'
[[ $template == qemu ]] || count=$STARTS words='boot n=1500 hang'
systemctl log-level info # debug lines would make it slow rather than busy
log_level=info
timeout 1200 bash -c 'while systemctl show "*" >/dev/null; do :; done' questions &
questions=$!

vm starts "$words"
starts "$count"
echo "# $label: vsock-notify: $count starts, READY=1 missed in $missed"
judge starts-in-a-row "$(same "the number of starts without READY=1" 0 "$missed")"
if [[ $template == cloud-hypervisor ]]; then
	template=socat
	vm socat "$words"
	starts "$SOCAT_STARTS"
	echo "# $label: socat -t0 -T0.2: $SOCAT_STARTS starts, READY=1 missed in $missed"
	template=cloud-hypervisor
fi

end_process "$questions" TERM
wait "$questions"
log_level=
systemctl log-level debug
