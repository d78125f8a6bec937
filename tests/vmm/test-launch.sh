#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# "vsock-notify run" launches real VMMs with the tiny guest, and ends them: VMMs that stay when their guest has ended, API sockets that
# were left over, stops by the VMM's API, paused and restored VMs, guests that reboot, launchers in front.
# $CLOUD_HYPERVISOR (one path or more, separated by spaces) and $FIRECRACKER, with real KVM, $JAILER beside the latter; QEMU with
# vhost-device-vsock always. CASES="stop restore" runs a few.
#	tests/vmm/test-launch.sh

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
# shellcheck disable=SC2030,SC2031 # each case is a subshell of its own
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

require_built vsock-notify vsock-notify-run plugins/notify.so tests/notify-sink guest/guest.elf
unset LISTEN_FDS LISTEN_PID LISTEN_FDNAMES JOURNAL_STREAM VSOCK_NOTIFY_PLUGIN_PATH RUNTIME_DIRECTORY
export LC_ALL=C NOTIFY_SOCKET=$work/notify
elf=$build/guest/guest.elf
patience=15
exec {never}<> <(:) # nobody writes to it: a pause

# ---- a VM ----------------------------------------------------------------------------------------

# Each VM has a folder, $vm, of its own.
new_vm() {
	vm=$(mktemp -d "$work/vm.XXXXXX")
}

# vmm_command "WORDS": the VMM's command line is in $command, its API socket at $vm/api.
vmm_command() {
	# shellcheck disable=SC2054 # QEMU's commas
	case $kind in
	cloud-hypervisor)
		command=("$program" --cpus boot=1 --memory size=64M --kernel "$elf" --cmdline "$1" --serial null --console off
			--api-socket "path=$vm/api" --vsock "cid=3,socket=$vm/vsock")
		;;
	firecracker)
		firecracker_configuration "$1" >"$vm/config.json"
		command=("$program" --api-sock "$vm/api" --no-seccomp --level Error --log-path /dev/null --config-file "$vm/config.json")
		;;
	qemu)
		# its vsock device is a process of our own
		run=("--vsock=$vm/vsock" "--allow-uid=$(id -u)" "${run[@]}")
		command=("$program" -accel tcg -machine q35,memory-backend=ram -cpu qemu64 -m 64
			-object memory-backend-memfd,id=ram,size=64M,share=on
			-chardev "socket,id=vhost,path=$vm/vhost" -device vhost-user-vsock-pci,chardev=vhost
			-nodefaults -display none -serial null -qmp "unix:$vm/api,server=on,wait=off" -kernel "$elf" -append "$1")
		;;
	esac
}

firecracker_configuration() {
	cat <<-JSON
		{
		  "boot-source": {
		    "kernel_image_path": "$elf",
		    "boot_args": "systemd.set_credential=vmm.notify_socket:vsock-stream:2:1234 ${1//\\/\\\\}"
		  },
		  "drives": [],
		  "machine-config": {"vcpu_count": 1, "mem_size_mib": 64},
		  "vsock": {"guest_cid": 3, "uds_path": "$vm/vsock"}
		}
	JSON
}

# begin "WORDS" [RUN OPTION...]: a VM in $vm, of new_vm, that does WORDS, with $launcher in front of it, and a service manager.
launcher=()
begin() {
	run=("${@:2}")
	vmm_command "$1"
	[[ $kind != qemu ]] || begin_device
	begin_command "${launcher[@]}" "${command[@]}"
}

# begin_command COMMAND...: the same, with that command line.
begin_command() {
	start_sink
	follow shim 2 "$shim" run --log-level=debug "${run[@]}" -- "$@" >/dev/null
}

# QEMU's vsock device; it ends with QEMU.
begin_device() {
	local device
	read -ra device <<<"${VHOST_DEVICE_VSOCK:-$top/tests/tools/vhost-device-vsock.sh}"
	"${device[@]}" --guest-cid 3 --socket "$vm/vhost" --uds-path "$vm/vsock" >"$vm/device.log" 2>&1 &
	device_pid=$!
	pids+=("$device_pid")
	until_so is_socket "$vm/vhost"
}

ready() {
	await shim 'guest ready' || echo "the guest is not ready"
}

# ended STATUS: waits for the end of "run" and complains unless its exit status is that. What the service manager was told is in $told.
ended() {
	local ended_with
	end shim
	ended_with=$status
	stop sink
	[[ $kind != qemu ]] || { kill "$device_pid"; wait "$device_pid"; forget "$device_pid"; }
	told=$(datagrams)
	same "exit status" "$1" "$ended_with"
}

# The VMM's process.
vmm_pid() {
	sed -nE 's/^VM started: process ([0-9]+)$/\1/p' "$work/shim.log" | tail -n 1
}

logged() {
	grep -qE -- "$1" "$work/shim.log" || echo "no line /$1/ in the log"
}

not_logged() {
	grep -E -m 1 -- "$1" "$work/shim.log" | sed 's/^/the log says: /'
}

was_told() {
	grep -qE "$1" <<<"$told" || echo "the service manager was not told /$1/, but: $(paste -sd';' <<<"$told")"
}

is_socket() {
	[[ -S $1 ]] || echo "there is no socket $1"
}

# until_so COMMAND...: until COMMAND, which prints complaints, has none; then complains as it does.
until_so() {
	local end=$((SECONDS + patience)) complaint _
	while complaint=$("$@") && [[ -n $complaint ]] && ((SECONDS < end)); do
		read -r -t 0.02 -u "$never" _
	done
	[[ -z $complaint ]] || echo "$complaint"
}

# api METHOD PATH [JSON]: asks the VMM; complains where it is not answered with success. VMMs leave the connection open.
api() {
	local json=${3:-} answer=''
	until_so is_socket "$vm/api"
	coproc timeout "$patience" socat - UNIX-CONNECT:"$vm/api" 2>>"$work/socat.err"
	printf '%s %s HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
		"$1" "$2" "${#json}" "$json" >&"${COPROC[1]}"
	read -r -t "$patience" answer <&"${COPROC[0]}"
	kill "$COPROC_PID"
	wait "$COPROC_PID"
	[[ $answer =~ ^HTTP/1.1\ 20[04] ]] || echo "the VMM answers $2 with \"$answer\""
}

pause_vm() {
	case $kind in
	cloud-hypervisor) api PUT /api/v1/vm.pause ;;
	firecracker) api PATCH /vm '{"state": "Paused"}' ;;
	qemu)
		# QEMU's socket has one client at a time, which leaves it when it has the answer.
		printf '%s\n' '{"execute": "qmp_capabilities"}' '{"execute": "stop"}' |
			timeout "$patience" socat -t1 - UNIX-CONNECT:"$vm/api" >"$vm/qmp" 2>>"$work/socat.err"
		grep -q '"event": "STOP"' "$vm/qmp" || echo "QEMU does not pause: $(<"$vm/qmp")"
		;;
	esac
}

# judge NAME COMPLAINTS
judge() {
	verdict "$label-$1" "$2"
	[[ -z $2 ]] || tail -n 30 "$work/shim.log" | sed 's/^/# /'
}

# ---- cases ---------------------------------------------------------------------------------------

last='say=EXIT_STATUS=42\nX_SYSTEMD_SHUTDOWN=exit'

# The guest has ended, the VMM has not.
case_stays() {
	judge ended-vmm-that-stays-is-ended "$(
		new_vm
		begin "boot $last hang" --linger=500ms
		ended 42
		was_told STOPPING=1
	)"
	judge halted-guest-is-the-end "$(
		new_vm
		begin 'boot down=halt' --linger=500ms
		ended 0
	)"
	judge vmm-that-ends-by-itself-is-left-alone "$(
		new_vm
		begin 'boot down=exit:42' --linger=60s
		ended 42
		logged 'the VMM exited with 0'
	)"
}

# cloud-hypervisor's --no-shutdown: the VMM goes on without a guest.
case_no_shutdown() {
	judge no-shutdown-stays "$(
		new_vm
		vmm_command 'boot down=poweroff'
		run=(--linger=500ms --stop-timeout=500ms)
		begin_command "${command[@]}" --no-shutdown
		await shim 'guest: X_SYSTEMD_SHUTDOWN=poweroff' || echo "the guest has no last word"
		# longer than --linger=
		read -r -t 1 -u "$never" _
		api GET /api/v1/vmm.ping
		kill "$shim_pid"
		ended 0
		grep STOPPING=1 <<<"$told"
	)"
}

# cut_off: ends "run" and the VMM by SIGKILL, so that nobody removes anything.
cut_off() {
	kill -KILL "$shim_pid"
	ended 137
}

case_left_over() {
	judge left-over-api-socket-is-removed "$(
		new_vm
		begin 'boot hang'
		ready
		cut_off
		is_socket "$vm/api"
		begin 'boot down=exit:42'
		ready
		ended 42
		[[ ! -e $vm/api ]] || echo "the API socket was left over again"
	)"
	# The other VM's program does nothing, as cloud-hypervisor 52 removes a live socket itself when it cannot bind its own.
	judge live-api-socket-is-left-alone "$(
		new_vm
		begin 'boot hang' --stop-timeout=500ms
		ready
		first=$vm
		new_vm
		vmm_command hang
		mkdir "$vm/bin"
		ln -s "$(type -P true)" "$vm/bin/$kind"
		command=("$vm/bin/$kind" "${command[@]:1}")
		run "$shim" run --log-level=debug -- "${command[@]/$vm\/api/$first/api}"
		same "exit status of the other VM" 0 "$status"
		vm=$first
		api GET "$alive"
		kill "$shim_pid"
		end shim
		stop sink
	)"
}

# Launchers in front that close all descriptors above 2. sudo is known to do that.
case_closes() {
	cat >"$work/closes" <<-'SH'
		#!/usr/bin/env bash
		for fd in /proc/self/fd/*; do
			fd=${fd##*/}
			((fd <= 2)) || exec {fd}>&-
		done
		exec "$@"
	SH
	chmod +x "$work/closes"
	ln -sf closes "$work/sudo"
	launcher=("$work/closes")
	judge launcher-that-closes-descriptors "$(
		new_vm
		begin 'boot down=exit:42' --vmm=cloud-hypervisor --event-monitor=no
		ready
		ended 42
	)"
	launcher=("$work/sudo")
	judge sudo-in-front-is-known-to-close-descriptors "$(
		new_vm
		begin 'boot down=exit:42'
		ready
		ended 42
		logged '--event-monitor=no'
	)"
	launcher=()
}

# "run" is asked to stop: the guest is, by the VMM's API.
case_stop() {
	case $kind in
	cloud-hypervisor)
		# The tiny guest does not see cloud-hypervisor's button, but the VMM says that it was pressed.
		judge stop-by-power-button "$(
			new_vm
			begin 'boot hang' --stop-timeout=500ms
			ready
			kill "$shim_pid"
			ended 0
			logged 'the VMM has told its guest to shut down'
		)"
		judge paused-vm-is-resumed-and-stopped "$(
			new_vm
			begin 'boot hang' --stop-timeout=500ms
			ready
			pause_vm
			await shim 'paused' || echo "it is not known to be paused"
			kill "$shim_pid"
			await shim 'resumed' || echo "it was not resumed"
			ended 0
			logged 'the VMM has told its guest to shut down'
		)"
		# Nobody tells that it is paused.
		judge paused-vm-is-stopped-without-events "$(
			new_vm
			begin 'boot hang' --stop-timeout=500ms --event-monitor=no
			ready
			pause_vm
			kill "$shim_pid"
			ended 0
			logged 'the VMM has told its guest to shut down'
		)"
		;;
	firecracker | qemu)
		judge stop-is-in-order "$(
			new_vm
			begin "watch-button boot button down=$1:0"
			ready
			kill "$shim_pid"
			ended 0
			logged "X_SYSTEMD_SHUTDOWN=$1"
		)"
		judge paused-vm-is-stopped-in-order "$(
			new_vm
			begin "watch-button boot button down=$1:0"
			ready
			pause_vm
			kill "$shim_pid"
			ended 0
			logged "X_SYSTEMD_SHUTDOWN=$1"
		)"
		judge stop-of-a-guest-that-does-not-listen "$(
			new_vm
			begin 'boot hang' --stop-timeout=500ms
			ready
			kill "$shim_pid"
			ended "$2"
		)"
		;;
	esac
}

# snapshot "WORDS": one of a guest that is ready and does WORDS, in $vm/snapshot; its VM is gone then. Prints what is wrong.
snapshot() {
	mkdir "$vm/snapshot"
	begin "$1"
	ready
	api PUT /api/v1/vm.pause
	api PUT /api/v1/vm.snapshot "{\"destination_url\":\"file://$vm/snapshot\"}"
	cut_off
	rm -f "$vm/api" "$vm/vsock"
}

# begin_restored: the VM of $vm/snapshot. Its vsock socket is not on the command line, but in the snapshot's config.json.
begin_restored() {
	run=(--stop-timeout=500ms)
	begin_command "$program" --api-socket "path=$vm/api" --restore "source_url=file://$vm/snapshot"
}

case_restore() {
	local complaint
	new_vm
	complaint=$(snapshot 'boot wait=3000000 say=STATUS=after hang')
	if [[ $complaint == *'answers /api/v1/vm.snapshot with "HTTP/1.1 500'* ]]; then
		echo "skip $label-restored-without-vsock: (optional) this machine's KVM does not let a VM be saved"
		return
	fi
	judge restored-without-vsock "$(
		echo -n "$complaint"
		begin_restored
		ready
		api PUT /api/v1/vm.resume
		await shim 'host: "STATUS=after"' || echo "the guest does not go on to speak"
		kill "$shim_pid"
		ended 0
		was_told READY=1
	)"
	judge restored-and-paused-vm-is-resumed-and-stopped "$(
		begin_restored
		ready
		kill "$shim_pid"
		await shim 'resumed' || echo "it was not resumed"
		ended 0
		logged 'the VMM has told its guest to shut down'
	)"
}

case_reboot() {
	judge reboot-exit "$(
		new_vm
		begin 'boot down=reboot' --reboot=exit
		ended 133
		# Its guest has had the time to reset the machine.
		case $kind in
		cloud-hypervisor) logged 'VM rebooted' ;;
		firecracker) not_logged 'ending (it|the VMM)' ;;
		qemu) logged 'the guest has rebooted: ending the VMM' ;;
		esac
	)"
	[[ $kind == cloud-hypervisor ]] || {
		judge "reboot-signal-is-in-order" "$(
			new_vm
			begin "watch-button boot button down=$1:0"
			ready
			kill -s RTMIN+5 "$shim_pid"
			ended 133
			logged "X_SYSTEMD_SHUTDOWN=$1"
		)"
	}
}

# Firecracker's jailer: its configuration, vsock and API sockets lie in the chroot. With some options it exits and leaves the VMM.
case_jailer() {
	local mode root file
	if [[ -z ${JAILER:-} || $(id -u) != 0 ]]; then
		echo "skip $label-jailer: (optional) set JAILER=/path to try Firecracker's jailer, as root"
		return
	fi
	for mode in '' --new-pid-ns --daemonize '--new-pid-ns --daemonize'; do
		judge "jailer${mode// /}-is-stopped-in-order" "$(
			new_vm
			root=$vm/jail/firecracker/one/root
			mkdir -p "$root"
			# Firecracker may need libraries, and finds none in there but these.
			for file in $(ldd "$program" | grep -oE '/[^ ]+'); do
				install -D "$file" "$root$file"
			done
			install "$elf" "$root/guest.elf"
			(vm='' elf=/guest.elf firecracker_configuration 'boot button down=reboot:0' >"$root/config.json")
			run=()
			# shellcheck disable=SC2086 # options
			begin_command "$JAILER" --id one --exec-file "$program" --uid 0 --gid 0 --chroot-base-dir "$vm/jail" $mode -- \
				--no-seccomp --level Error --api-sock /api --config-file /config.json
			ready
			kill "$shim_pid"
			ended 0
			logged 'X_SYSTEMD_SHUTDOWN=reboot'
			[[ ! -e $root/api && ! -e $root/vsock ]] || echo "a socket was left over in the chroot"
		)"
	done
}

# ---- VMMs ----------------------------------------------------------------------------------------

# try CASE [ARGUMENT...]
try() {
	[[ -n ${CASES:-} && " $CASES " != *" $1 "* ]] || "case_$1" "${@:2}"
}

try_cloud_hypervisor() {
	kind=cloud-hypervisor program=$1 alive=/api/v1/vmm.ping
	label=cloud-hypervisor-$("$program" --version | sed -n 's/^cloud-hypervisor v\([0-9.]*\).*/\1/p')
	try stays
	try no_shutdown
	try left_over
	try closes
	try stop
	try restore
	try reboot
}

try_firecracker() {
	kind=firecracker program=$1 label=firecracker alive=/
	try stays
	try left_over
	# what its guest does at Ctrl+Alt+Del; what it is if it is ended by SIGTERM
	try stop reboot 143
	try reboot reboot
	try jailer
}

try_qemu() {
	kind=qemu program=qemu-system-x86_64 label=qemu
	try stays
	try stop poweroff 0
	try reboot poweroff
}

if ! "$top/tests/tools/vhost-device-vsock.sh" --version >"$work/version" 2>&1; then
	cat "$work/version"
	echo "skip qemu: no vhost-device-vsock"
else
	try_qemu
fi
for program in ${CLOUD_HYPERVISOR:-}; do
	try_cloud_hypervisor "$program"
done
[[ -n ${CLOUD_HYPERVISOR:-} ]] || echo 'skip cloud-hypervisor: (optional) set CLOUD_HYPERVISOR=/path to try it with real KVM'
if [[ -n ${FIRECRACKER:-} ]]; then
	try_firecracker "$FIRECRACKER"
else
	echo 'skip firecracker: (optional) set FIRECRACKER=/path to try it with real KVM'
fi
summary
