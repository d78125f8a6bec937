# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Starts in a row, none of which misses READY=1. What loses it elsewhere is a sender that is gone when the service manager
# gets to its message, so the manager is kept busy: the guest goes on talking. Under cloud-hypervisor socat does the same, for
# comparison. The manager logs no debug lines here, which would slow it down.

# starts COUNT: how many of them failed.
starts() {
	local missed=0 i
	for ((i = 0; i < $1; i++)); do
		job start || missed=$((missed + 1))
		discard
	done
	echo "$missed"
}

count=$QEMU_STARTS
words='boot n=100 hang'
[[ $template == qemu ]] || count=$STARTS words='boot n=1500 hang'
systemctl log-level info
log_level=info
vm starts "$words"
missed=$(starts "$count")
echo "# $label: vsock-notify: $count starts, READY=1 missed in $missed"
judge starts-in-a-row "$(same "the number of starts without READY=1" 0 "$missed")"

if [[ $template == cloud-hypervisor ]]; then
	template=socat
	vm socat "$words"
	echo "# $label: socat -t0 -T0.2: $SOCAT_STARTS starts, READY=1 missed in $(starts "$SOCAT_STARTS")"
	template=cloud-hypervisor
fi
log_level=
systemctl log-level debug
