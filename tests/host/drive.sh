#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# drive.sh: what runs on the host that host.sh boots: cases/vmm for QEMU and for each VMM below /vmm, cases/stand-in,
# cases/units and cases/journal once.
# CASES= names the files to run, without .sh (all).
set -u -o pipefail

# shellcheck source=SCRIPTDIR/../lib.sh
. /project/tests/lib.sh
# shellcheck source=SCRIPTDIR/vm.sh
. /project/tests/host/vm.sh

# run_cases FOLDER LABEL TEMPLATE VMM
# shellcheck disable=SC2034 # for the cases
run_cases() {
	local file
	label=$2 template=$3 vmm=$4
	for file in "/project/tests/host/cases/$1"/*.sh; do
		if [[ -z ${CASES:-} || " $CASES " == *" $(basename "$file" .sh) "* ]]; then
			# shellcheck source=/dev/null
			. "$file"
		fi
	done
}

cp -a /installed/. /
ln -s "$SHIM" /usr/local/bin/vsock-notify
if ! complaint=$(/usr/local/bin/vsock-notify run --help 2>&1); then
	not_ok host "vsock-notify does not run on this host: $complaint"
	exit 1
fi
systemctl log-level debug # so that the journal has what the service manager was told
install_units
run_cases stand-in stand-in cloud-hypervisor /stand-in/cloud-hypervisor
run_cases units units '' ''
run_cases journal journal cloud-hypervisor /stand-in/cloud-hypervisor
run_cases vmm qemu qemu ''
for program in /vmm/*/*; do
	[[ ! -f $program ]] || run_cases vmm "$(basename "$(dirname "$program")")" "$(basename "$program")" "$program"
done
summary
