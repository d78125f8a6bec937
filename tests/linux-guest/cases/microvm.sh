# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# A MicroVM whose unit and runner are as microvm.nix writes them (MICROVM_SRC=): ready at start, and stopped by its own ExecStop=.
# Its guest is Debian's; packages of the Nix store are what make-microvm.sh says of them.

lay_packages() {
	install -d /packages/kernel-dev /packages/initrd
	ln -sf /opt/guest/vmlinux /packages/kernel-dev/vmlinux
	ln -sf /opt/guest/initrd /packages/initrd/initrd
	truncate -s 1M /packages/store-disk
	ln -sfn /usr /packages/bash
	rm -rf /packages/cloud-hypervisor
	install -d /packages/cloud-hypervisor
	ln -s "$(dirname "$vmm")" /packages/cloud-hypervisor/bin
	systemd-sysusers - <<<'u microvm - -' 2>"$work/sysusers.err"
	ln -sfn "$bridge" /var/lib/microvms/vm/current
	ln -sfn "$bridge" /var/lib/microvms/vm/booted
	chown microvm:kvm /var/lib/microvms/vm
}

only cloud-hypervisor || return 0
if [[ ! -d /var/lib/microvms/vm ]]; then
	echo "skip $label-microvm: (optional) set MICROVM_SRC=/path to try a runner of microvm.nix"
	return 0
fi
vm microvm
unit=microvm@vm.service run=/var/lib/microvms/vm store=$run vsock=$run/notify.vsock
lay_packages
judge microvm-is-ready-and-stops "$(
	start
	properties ActiveState=active SubState=running
	told_in_order READY=1
	[[ ! -x /usr/bin/waitpid ]] || { # which Debian has since 13
		until_so watches_button
		job stop || echo "systemctl stop failed"
		properties ActiveState=inactive Result=success
	}
)"
figure "the MicroVM ready $(<"$work/took") s after systemctl start"
discard
