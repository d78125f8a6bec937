# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The units that are shipped, as they are: vm@.service starts a VM, and vsock-notify@.socket and .service stand beside one
# that something else started. Only the VM's own configuration file is this host's.

# ---- what a host has that this one has not: the group of /dev/kvm, which udev makes, and a device node that is its

if ! getent group kvm >"$work/group"; then
	groupadd --system kvm
	if [[ -c /dev/kvm ]]; then # bound here from the machine, whose owner of it is not ours to change
		umount /dev/kvm
		rm -f /dev/kvm
		mknod -m 660 /dev/kvm c 10 232
		chgrp kvm /dev/kvm
	fi
fi
install -d /etc/vsock-notify

# program_of TREE NAME ARGS...: NAME as an installed program, which debian-unpack.sh's lock is nothing for: the unit's user
# may not write there.
program_of() {
	local tree=/project/build/debian/$1
	[[ -e /usr/local/bin/$2 ]] || install -m 755 /dev/stdin "/usr/local/bin/$2" <<-SCRIPT
		#!/bin/sh
		QEMU_MODULE_DIR=\$(echo $tree/usr/lib/*/qemu) exec /project/tests/tools/unpacked.sh $tree $2 ${*:3} "\$@"
	SCRIPT
}

if [[ $template == qemu ]]; then
	qemu=/project/build/debian/trixie/qemu-system-x86/usr/share
	program_of trixie/qemu-system-x86 qemu-system-x86_64 -L $qemu/qemu -L $qemu/seabios
	program_of forky/vhost-device-vsock vhost-device-vsock
fi

# shipped UNIT NAME: $unit, an instance of that template as "make install" has put it there.
shipped() {
	systemctl daemon-reload
	instance=$2
	unit=${1/@/@$instance}
	other=other-$instance.service
}

# ---- vm@.service

# vm_configuration "WORDS": /etc/vsock-notify/NAME.conf
vm_configuration() {
	local run=/run/vm-$instance
	case $template in
	qemu)
		# QEMU writes code for its emulation, which the unit lets it do by two mappings only.
		cat <<-CONF
			VMM=/project/tests/host/qemu-vmm.sh
			VMM_OPTIONS=$run/vsock
			VM_ARGS='"$1"'
			GUEST_ELF=/guest.elf
			QEMU_ACCEL=tcg,split-wx=on
			RUN_OPTIONS=--log-level=debug --vmm=other --vsock=$run/vsock
		CONF
		;;
	cloud-hypervisor)
		cat <<-CONF
			VMM=$vmm
			VM_ARGS='--kernel /guest.elf --cmdline "$1" --cpus boot=1 --memory size=64M --serial null --console off ${2:-}'
			RUN_OPTIONS=--log-level=debug --stop-timeout=1s
		CONF
		;;
	firecracker)
		firecracker_configuration "$1" >"$vms/$instance.json"
		cat <<-CONF
			VMM=$vmm
			VMM_OPTIONS=--no-api --no-seccomp --level Error --config-file $vms/$instance.json
			RUN_OPTIONS=--log-level=debug
		CONF
		;;
	esac
}

# nobody PID: complains of what that process is more than any other.
nobody() {
	local user
	[[ -d /proc/$1 ]] || { echo "there is no process \"$1\""; return; }
	user=$(stat -c %u "/proc/$1")
	((user >= 61184 && user <= 65519)) || echo "it runs as user $user, not as one of its own"
	grep -qx $'CapBnd:\t0*' "/proc/$1/status" || echo "it has capabilities: $(grep CapBnd "/proc/$1/status")"
	grep -qx $'NoNewPrivs:\t1' "/proc/$1/status" || echo "it may have new privileges"
	grep -qx $'Seccomp:\t2' "/proc/$1/status" || echo "it has no system call filter"
}

# has_state FILE LINE: as that state file has it.
has_state() {
	grep -qxF "$2" "$1" || echo "$1 has no $2 in it: $(paste -sd' ' "$1" 2>&1)"
}

# start_shipped_vm "WORDS" [VMM OPTIONS]
start_shipped_vm() {
	run=/run/vm-$instance
	vm_configuration "$@" >"/etc/vsock-notify/$instance.conf"
	# as the unit's comment has it, for a vsock device that is a process of its own
	[[ $template != qemu ]] || setting ProtectProc=default
	job start || echo "systemctl start failed"
}

shipped vm@.service "shipped-$label"
judge shipped-vm-unit "$(
	start_shipped_vm 'boot say=STATUS=serving hang'
	await_property StatusText '^serving$'
	properties ActiveState=active NotifyAccess=main
	main=$(show MainPID)
	nobody "$main"
	nobody "$(vmm_pid)"
	until_so has_state "/run/vm-$instance/vsock_1234.state" STATE=ready
	has_state "/run/vm-$instance/vsock_1234.state" "NAME=$instance"
	vmm_process=$(vmm_pid)
	job stop || echo "systemctl stop failed"
	properties ActiveState=inactive Result=success
	gone "$vmm_process"
)"

# ended_with STATUS: by the journal, as the unit starts again.
ended_with() {
	journalctl --sync
	journalctl -u "$unit" -o cat --no-pager _PID=1 | grep -q "code=exited, status=$1/" || echo "no end with status $1"
}

shipped vm@.service "shipped-exit-$label"
judge shipped-vm-unit-has-the-guests-exit-status "$(
	start_shipped_vm 'boot wait=300000 down=exit:42'
	until_so told_in_order READY=1 STOPPING=1
	until_so ended_with 42
)"

if [[ $template == cloud-hypervisor ]]; then
	shipped vm@.service "shipped-landlock-$label"
	judge shipped-vm-unit-bears-landlock "$(
		start_shipped_vm 'boot say=STATUS=serving hang' "--landlock --landlock-rules path=/run/vm-$instance,access=rw"
		await_property StatusText '^serving$'
		properties ActiveState=active
	)"
fi

# ---- vsock-notify@.socket and .service

# The VM that something else starts: a service of root's that knows nothing of notifications.
# begin_other_vm "WORDS"
begin_other_vm() {
	local vsock=/run/vsock-notify/$instance.vsock command=()
	case $template in
	qemu) command=(/project/tests/host/qemu-vmm.sh "$vsock" "$1") ;;
	cloud-hypervisor) command=("$vmm" --kernel /guest.elf --cmdline "$1" --cpus boot=1 --memory size=64M --serial null --console off
		--vsock "cid=3,socket=$vsock") ;;
	firecracker)
		run=/run/vsock-notify firecracker_configuration "$1" | sed "s|/run/vsock-notify/vsock|$vsock|" >"$vms/$instance.json"
		command=("$vmm" --no-api --no-seccomp --level Error --log-path /dev/null --config-file "$vms/$instance.json")
		;;
	esac
	systemd-run --quiet --collect --unit="$other" --setenv=GUEST_ELF=/guest.elf "${command[@]}"
}

end_other_vm() {
	systemctl stop "$other" 2>>"$work/systemctl.err"
}

listens() {
	[[ -S $1 ]] || echo "there is no socket $1"
}

shipped vsock-notify@.service "by-itself-$label"
echo 'SERVE_OPTIONS=--log-level=debug' >"/etc/vsock-notify/$instance.conf"
judge shipped-shim-starts-with-the-guests-first-word "$(
	systemctl start "vsock-notify@$instance.socket" || echo "the socket's start failed"
	properties ActiveState=inactive
	begin_other_vm 'say=STATUS=still wait=500000 boot say=STATUS=serving hang'
	await_property StatusText '^still$'
	properties ActiveState=activating
	await_property StatusText '^serving$'
	properties ActiveState=active NotifyAccess=main
	vsock-notify wait --timeout=10s "/run/vsock-notify/$instance.vsock" || echo "wait: $?"
	until_so has_state "/run/vsock-notify/$instance/$instance.state" STATE=ready
	has_state "/run/vsock-notify/$instance/$instance.state" "NAME=$instance"
	job stop || echo "systemctl stop failed"
	properties ActiveState=inactive Result=success
	[[ ! -e /run/vsock-notify/$instance ]] || echo "the state was left behind"
	systemctl stop "vsock-notify@$instance.socket"
	[[ ! -e /run/vsock-notify/$instance.vsock_1234 ]] || echo "the socket was left behind"
)"
end_other_vm

shipped vsock-notify@.service "waited-for-$label"
echo 'SERVE_OPTIONS=--log-level=debug' >"/etc/vsock-notify/$instance.conf"
begin_start
early=$(
	until_so listens "/run/vsock-notify/$instance.vsock_1234"
	await_property ActiveState '^activating$'
)
begin_other_vm 'boot hang'
end_start
main=$(show MainPID)
echo "# $label: vsock-notify@.service: $(awk '/^Private_Dirty/ { print $2 }' "/proc/$main/smaps_rollup") KiB private"
judge shipped-shim-is-waited-for "$(
	echo -n "$early"
	[[ $start_status == 0 ]] || echo "systemctl start failed"
	properties ActiveState=active
	nobody "$main"
	[[ $(readlink "/proc/$main/ns/net") != "$(readlink /proc/1/ns/net)" ]] || echo "it has the host's network"
)"
end_other_vm
systemctl stop "vsock-notify@$instance.socket"

# The guest says READY=1 only once: a restart beside it goes on from the state that is left.
shipped vsock-notify@.service "restarted-$label"
echo 'SERVE_OPTIONS=--log-level=debug' >"/etc/vsock-notify/$instance.conf"
state=/run/vsock-notify/$instance/$instance.state
begin_start
until_so listens "/run/vsock-notify/$instance.vsock_1234"
begin_other_vm 'boot say=STATUS=serving hang'
end_start
judge shipped-shim-is-restarted-beside-a-guest-that-is-ready "$(
	until_so has_state "$state" STATE=ready
	main=$(show MainPID)
	timeout 60 systemctl restart "$unit" || echo "systemctl restart failed"
	properties ActiveState=active
	await_property StatusText '^VM went on while vsock-notify was restarted.$'
	until_so has_state "$state" STATE=ready
	has_state "$state" BOOTS=1
	[[ $(show MainPID) != "$main" ]] || echo "it is the same process"
	# without the VM it waits for the next one
	end_other_vm
	systemctl --no-block restart "$unit" || echo "systemctl restart failed"
	until_so has_state "$state" STATE=waiting
	properties ActiveState=activating
)"
systemctl stop "vsock-notify@$instance.socket"
