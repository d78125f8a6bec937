# SPDX-License-Identifier: Apache-2.0
# The tiny guest on real VMMs, through each bridge. Sourced by bench.sh after bridges.sh.
# shellcheck shell=bash disable=SC2154 # set by bench.sh

# Sets vmm_name and vmm_command, which boots the guest: VSOCK and WORDS are to follow.
use_vmm() {
	local path=$1 version
	version=$("$path" --version)
	read -r vmm_name version _ <<<"$version"
	vmm_name="$vmm_name $version"
	case ${vmm_name,,} in
	firecracker*) vmm_command=(env "FIRECRACKER=$path" "T=300" "$here/../guest/run-vmm.sh" firecracker) ;;
	*) vmm_command=(env "CLOUD_HYPERVISOR=$path" "T=300" "$here/../guest/run-vmm.sh" cloud-hypervisor) ;;
	esac
}

# boot BRIDGE WORDS: leaves what the guest printed in the file serial.
boot() {
	if ! "${vmm_command[@]}" "$(vsock_of "$1")" "$2" >"$work/serial" 2>"$work/vmm.log"; then
		cat "$work/vmm.log" "$work/serial" >&2
		fail "$vmm_name could not run the guest"
	fi
	tr -d '\r' <"$work/serial" >"$work/notes"
}

# With the floor waiting for EOF: it comes, or the guest loses its patience.
probe_half_close() {
	start_bridges passed
	boot floor 'patience=300000 say=STATUS=probe'
	stop_bridges
	half_close=passed
	if grep -q '^note 1 .* timeout' "$work/notes"; then half_close='not passed'; fi
}

# boot_through BRIDGE MESSAGES WORDS: records the guest's own figures.
boot_through() {
	boot "$1" "$3"
	grep -q '^done .* failed=0$' "$work/notes" || fail "$vmm_name, $1: $(tail -n 1 "$work/notes")"
	awk -v group="$vmm_name, half-close $half_close, $2" -v bridge="$1" -v OFS='\t' '
		$1 == "note" { sub("held=", "", $3); print "guest", group, bridge, $3, $4 }' "$work/notes" >>"$records"
}

# One round through a bridge: what PID 1 sends, then what any other program might. socat holds the guest for up to two
# seconds at each message, whoever sends it: it gets one round.
play_guest() {
	local bridge=$1 round=$2
	case $bridge in
	socat*) [ "$round" -gt 0 ] || boot_through "$bridge" 'PID 1' 'boot boot down=poweroff:0' ;;
	# A byte is a failure for a program.
	'floor, a byte') boot_through "$bridge" 'PID 1' 'boot boot down=poweroff:0' ;;
	*)
		boot_through "$bridge" 'PID 1' 'boot boot down=poweroff:0'
		boot_through "$bridge" program 'n=4'
		;;
	esac
}

measure_guests() {
	local vmm round bridge vmm_name vmm_command half_close
	for vmm; do
		use_vmm "$vmm"
		probe_half_close
		start_bridges "$half_close"
		for ((round = 0; round < guest_rounds; round++)); do
			for bridge in "${bridges[@]}"; do play_guest "$bridge" "$round"; done
		done
		stop_bridges
	done
}
