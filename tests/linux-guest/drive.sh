#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# drive.sh: what runs on the host that boot-host.sh boots: the cases, for each VMM below /in/vmm, then some of them with socat.
# CASES and SOCAT_CASES name files of cases/, without .sh.
set -u -o pipefail

here=/in/tests/linux-guest
# shellcheck source=SCRIPTDIR/../lib.sh
. /in/tests/lib.sh
# shellcheck source=SCRIPTDIR/vm.sh
. "$here/vm.sh"

# In this order, as a guest goes on from one to the next: a boot takes a minute or two.
all_cases="start status-text notifications targets pause soft-reboot snapshot panic two-at-once paused-stop stop reboot
	reboot-exit emergency-later exit-status emergency halt poweroff microvm"
((BOOTS == 0)) || all_cases+=" boots busy-boots"

install_product() {
	cp -a /in/installed/. /
	install -d /etc/vsock-notify "$units"/{vm,socat,microvm}@.service.d
	install -m 644 "$here"/units/*.service "$units"
	[[ ! -d /in/microvm ]] || cp -a /in/microvm/. /
	for unit in "$units"/{vm,socat,microvm}@.service.d; do
		install -m 644 "$here/units/vm.conf" "$unit/50-test.conf"
	done
	systemctl daemon-reload
	if ! complaint=$(vsock-notify run --help 2>&1); then
		not_ok host "vsock-notify does not run on this host: $complaint"
		exit 1
	fi
}

# What VMMs have open all the time is better in memory here than on the machine that emulates this one.
install_vmms() {
	cp -r /in/vmm /in/guest /opt/
	for file in /opt/vmm/*/*; do
		[[ ! -f $file ]] || chmod 755 "$file"
	done
	[[ -c /dev/kvm ]] || { not_ok host "there is no /dev/kvm"; exit 1; }
}

# try_cases BRIDGE CASE...: with the VMM $vmm.
# shellcheck disable=SC2034 # for the cases
try_cases() {
	local case began
	bridge=$1
	shift
	for case; do
		began=$SECONDS
		mark
		# shellcheck source=/dev/null
		. "$here/cases/$case.sh"
		figure "case $case took $((SECONDS - began)) s"
	done
	for unit in $(systemctl list-units --plain --no-legend 'vm@*' 'socat@*' 'microvm@*' | cut -d' ' -f1); do
		discard
	done
}

echo "# host up after $SECONDS s of the drive, $(cut -d. -f1 /proc/uptime) s of its kernel: $(systemctl --version | head -n 1), Linux $(uname -r)"
install_product
install_vmms
systemctl log-level debug # so that the journal has what the service manager was told
echo "# product and VMMs installed $(cut -d. -f1 /proc/uptime) s after the kernel's start"
for vmm in /opt/vmm/*/*; do
	label=$(basename "$(dirname "$vmm")")
	kind=$(basename "$vmm")
	# shellcheck disable=SC2086 # lists of words
	try_cases vsock-notify ${CASES:-$all_cases}
	if [[ -n $SOCAT_CASES ]]; then
		label=$label-socat
		# shellcheck disable=SC2086
		try_cases socat $SOCAT_CASES
	fi
done
summary
