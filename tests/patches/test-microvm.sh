#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The series for microvm.nix: applied to a checkout, evaluated by nix with stand-ins for nixpkgs (microvm.nix and
# microvm-lib.nix beside this), and what comes out for cloud-hypervisor is run, with a stand-in for the VMM.
#	MICROVM_SRC=/path/to/git/checkout tests/patches/test-microvm.sh
# MICROVM_SERIES names another folder of the series, NIXPKGS_LIB nixpkgs' lib folder to evaluate with that as well, BUILD
# another build folder, CC another compiler. Nothing is written to MICROVM_SRC.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

here=$top/tests/patches
series=${MICROVM_SERIES:-$top/patches/microvm.nix/main-2026-08}
commit=71beea0076cd46dafcee97a5a2e7d00cbba5bd2f # main of August 2026

skip() {
	echo "skip $1: $2"
	summary
	exit
}

[[ -n ${MICROVM_SRC:-} ]] || skip microvm "MICROVM_SRC names no checkout (optional)"
command -v nix >/dev/null || skip microvm "there is no nix (Debian: nix-bin)"

# --- the two trees

tree() {
	git clone -q --shared --no-checkout "$MICROVM_SRC" "$work/$1" && git -C "$work/$1" checkout -q "$commit"
}
if ! complaint=$( (tree before && tree after) 2>&1); then
	not_ok checkout "MICROVM_SRC=$MICROVM_SRC: $complaint"
	summary
	exit 1
fi
mapfile -t patches < <(sed "s|^|$series/|" "$series/series")
verdict applies "$(
	[[ -s $series/series ]] || echo "$series/series has no patches"
	git -C "$work/after" -c user.name=test -c user.email=test@localhost am -q "${patches[@]}" 2>&1
	git -C "$work/after" status --porcelain
)"

# --- evaluation

# evaluate TREE "SETTINGS" ATTRIBUTE: what microvm.nix (beside this) has of it.
evaluate() {
	HOME=$work nix --extra-experimental-features nix-command eval --store dummy:// --impure --raw --expr \
		"(import $here/microvm.nix { src = $work/$1; settings = { $2 }; $with }).$3" 2>&1
}

# script NAME, of a runner on standard input; config: its configuration file.
script() {
	awk -v name="@@script microvm-vm-$1" '$0 ~ /@@/ && inside { sub(/@@.*/, ""); if ($0 != "") print; exit }
		inside { print } index($0, name) { inside = 1 }'
}

config() {
	awk '/@@config/ { inside = 1; next } inside { sub(/@@.*/, ""); print; exit }'
}

lacks() {
	! grep -q -- "$1" <<<"$2" || echo "$3 has $1"
}

has() {
	grep -qF -- "$1" <<<"$2" || echo "$3 has no $1"
}

# unchanged NAME "SETTINGS": the series makes no difference.
unchanged() {
	local attribute before after complaints=
	for attribute in runner units wrong; do
		before=$(evaluate before "$2" "$attribute") || complaints+="not evaluated: ${before##*error:}"$'\n'
		after=$(evaluate after "$2" "$attribute")
		[[ $before == "$after" ]] || complaints+="$attribute: $(diff <(echo "$before") <(echo "$after"))"$'\n'
	done
	verdict "off-$1" "${complaints%$'\n'}"
}

ch='hypervisor = "cloud-hypervisor";'
fc='hypervisor = "firecracker";'
cid='vsock.cid = 3;'
tap='interfaces = [ { type = "macvtap"; id = "vm-a"; mac = "02:00:00:00:00:01"; bridge = null; } ];'
on='vsock-notify.enable = true; vsock-notify.package = "/packages/vsock-notify";'

evaluations() {
	local before runner units run shutdown
	unchanged cloud-hypervisor "$ch $cid"
	unchanged cloud-hypervisor-without-vsock "$ch"
	unchanged cloud-hypervisor-odd "$ch $tap socket = null; prettyProcnames = false; extraArgsScript = \"x\";
		cloud-hypervisor.extraArgs = [ \"--vsock\" \"cid=5,socket=a.vsock\" \"--platform\" \"serial_number=1\" ];"
	unchanged cloud-hypervisor-machined "$ch $cid registerWithMachined = true; vcpu = 2; balloon = true;"
	unchanged firecracker "$fc $cid"
	unchanged firecracker-without-vsock "$fc"
	unchanged crosvm "hypervisor = \"crosvm\"; $cid"

	runner=$(evaluate after "$ch $cid $tap $on" runner)
	before=$(evaluate before "$ch $cid $tap" runner)
	run=$(script microvm-run <<<"$runner")
	verdict on-cloud-hypervisor "$(
		lacks socat "$runner" "the runner"
		has 'exec /packages/vsock-notify/bin/vsock-notify run --argv0="microvm@vm" ' "$run" microvm-run
		has " -- /packages/cloud-hypervisor/bin/cloud-hypervisor " "$run" microvm-run
		has vmm.notify_socket=vsock-stream:2:8888 "$run" microvm-run
		lacks 'exec -a' "$run" microvm-run
		# All that the hypervisor is told is what it was told, and the descriptors are opened before.
		same "the VMM's command line" "$(script microvm-run <<<"$before" | sed -n 's/^exec -a "microvm@vm" //p')" \
			"$(sed -n 's/^exec .* -- //p' <<<"$run")"
		has 'exec 3<>/dev/tap' "$run" microvm-run
		same microvm-shutdown "$(script microvm-shutdown <<<"$before")" "$(script microvm-shutdown <<<"$runner")"
		same passthru '{"canShutdown":true,"supportsNotifySocket":true,"usesVsockNotify":true}' \
			"$(evaluate after "$ch $cid $on" passthru)"
	)"
	run=$(evaluate after "$ch $cid $on prettyProcnames = false; vsock-notify.port = 99; vsock-notify.readyUnit = \"a'b.target\";
		vsock-notify.extendStart = 7; vsock-notify.extraOptions = [ \"--log-level=debug\" ];" runner | script microvm-run)
	verdict on-options "$(
		has "'--port=99' '--extend-start=7' '--ready-unit=a'\\''b.target' '--log-level=debug' -- " "$run" microvm-run
		has vmm.notify_socket=vsock-stream:2:99 "$run" microvm-run
		lacks argv0 "$run" microvm-run
	)"
	verdict on-without-vsock "$(
		runner=$(evaluate after "$ch $on" runner)
		lacks vsock-notify "$runner" "the runner"
		has 'requires `config.microvm.vsock.cid`' "$(evaluate after "$ch $on" wrong)" "the assertions"
		has 'works only with cloud-hypervisor and firecracker' \
			"$(evaluate after "hypervisor = \"qemu\"; $cid $on" wrong)" "the assertions"
		same "what is wrong" "" "$(evaluate after "$ch $on cloud-hypervisor.extraArgs = [ \"--vsock\" \"cid=5\" ];" wrong
			evaluate after "$fc $cid $on" wrong)"
	)"

	runner=$(evaluate after "$fc $cid $on" runner)
	before=$(evaluate before "$fc $cid" runner)
	run=$(script microvm-run <<<"$runner")
	shutdown=$(script microvm-shutdown <<<"$runner")
	verdict on-firecracker "$(
		lacks socat "$runner" "the runner"
		has 'exec /packages/vsock-notify/bin/vsock-notify run --argv0="microvm@vm" ' "$run" microvm-run
		has " -- /packages/firecracker/bin/firecracker --config-file " "$run" microvm-run
		same "the configuration" \
			"$(config <<<"$before" | sed 's|"boot_args":"[^"]*|& systemd.set_credential=vmm.notify_socket:vsock-stream:2:8888|')" \
			"$(config <<<"$runner")"
		has SendCtrlAltDel "$shutdown" microvm-shutdown
		has 'waitpid $MAINPID' "$shutdown" microvm-shutdown
		same passthru '{"canShutdown":true,"supportsNotifySocket":true,"usesVsockNotify":true}' \
			"$(evaluate after "$fc $cid $on" passthru)"
	)"

	units=$(evaluate after "$ch $cid $on" units)
	verdict on-units "$(
		same "the units' settings" "$(evaluate before "$ch $cid" units)" \
			"$(grep -vE '^microvm@vm (NotifyAccess|SuccessExitStatus)=' <<<"$units")"
		has 'microvm@vm NotifyAccess="main"' "$units" "the unit"
		has 'microvm@vm SuccessExitStatus="143"' "$units" "the unit"
		has 'microvm@vm Type="notify"' "$units" "the unit"
		has 'microvm@vm Type="notify"' "$(evaluate after "$fc $cid $on" units)" "firecracker's unit"
		has 'microvm@vm Type="simple"' "$(evaluate after "$fc $cid" units)" "firecracker's unit without"
	)"
}

with=
evaluations
if [[ -n ${NIXPKGS_LIB:-} ]]; then
	with="lib = import $NIXPKGS_LIB;"
	evaluations > >(sed -E 's/^(not )?ok /&real-lib-/')
	wait $!
fi

# --- what was evaluated, run

for program in vsock-notify vsock-notify-run plugins/notify.so tests/notify-sink; do
	[[ -e $build/$program ]] || skip run "$build/$program is not there; build it first"
done
command -v curl >/dev/null || skip run "there is no curl"

# Packages that are there: the product, the VMM, and what microvm-shutdown calls.
install -d "$work"/{notify,vmm,tools}/bin "$work/vm"
ln -s "$shim" "$work/notify/bin/vsock-notify"
ln -s "$(command -v curl)" "$work/tools/bin/curl"

# compile PROGRAM SOURCE...
compile() {
	"$cc" -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror "${cflags[@]}" -o "$work/$1" "${@:2}" -pthread || exit 1
}
compile vmm/bin/cloud-hypervisor "$top"/tests/host/stand-in/*.c
compile tools/bin/waitpid "$here/waitpid.c"
with="paths = { cloud-hypervisor = \"$work/vmm\"; curl = \"$work/tools\"; util-linux = \"$work/tools\";
	\"firecracker-vm.json\" = \"$work/config.json\"; };"
real="vsock-notify.enable = true; vsock-notify.package = \"$work/notify\";"
unset LISTEN_FDS LISTEN_PID LISTEN_FDNAMES JOURNAL_STREAM VSOCK_NOTIFY_PLUGIN_PATH RUNTIME_DIRECTORY
export NOTIFY_SOCKET=$work/notify.socket
cd "$work/vm" || exit 1

runner=$(evaluate after "$ch $cid $real preStart = \"exec 9>$work/passed-on\";" runner)
script microvm-run <<<"$runner" >"$work/microvm-run"
script microvm-shutdown <<<"$runner" >"$work/microvm-shutdown"

# prints NAME "SETTINGS": with $shim before it, the VMM's command line stays as it was, and there is nothing to advise.
prints() {
	run bash -c "$(evaluate after "$2 $real vsock-notify.extraOptions = [ \"--print\" ];" runner | script microvm-run)"
	verdict "$1" "$(
		same "exit status" 0 "$status"
		same "standard error" "" "$err"
		same "the command line" \
			"$(evaluate before "$2" runner | script microvm-run | sed -n 's/^exec -a "microvm@vm" \(.*\) ${runtime_args:-}$/\1/p' | xargs -n1)" \
			"$(sed 's/ --event-monitor fd=[0-9]*$//' <<<"$out" | xargs -n1)"
	)"
}
prints run-adds-only-the-event-monitor "$ch $cid"
with='' evaluate after "$fc $cid $real" runner | config >"$work/config.json"
prints run-leaves-firecracker-alone "$fc $cid"

follow sink 1 "$build/tests/notify-sink" "$NOTIFY_SOCKET"
await sink '^# listening$'
export WORDS='api=204 say=X_SYSTEMD_UNIT_ACTIVE=basic.target say=READY=1\nSTATUS=Ready. power-button say=EXIT_STATUS=7\nX_SYSTEMD_SHUTDOWN=poweroff'
follow vm 2 bash -c 'exec bash "$0" >/dev/null' "$work/microvm-run"
await sink READY=1
vmm=$(<"/proc/$vm_pid/task/$vm_pid/children")
vmm=/proc/${vmm:-0 }
vmm=${vmm% }
verdict run-main-process "$(
	same "the main process" vsock-notify-run "$(basename "$(readlink "/proc/$vm_pid/exe")")"
	same "the VMM" "$work/vmm/bin/cloud-hypervisor" "$(readlink "$vmm/exe")"
	same "the VMM's name" microvm@vm "$(tr '\0' '\n' <"$vmm/cmdline" | head -n 1)"
	same "the descriptor from preStart" "$work/passed-on" "$(readlink "$vmm/fd/9")"
	! tr '\0' '\n' <"$vmm/environ" | grep ^NOTIFY_SOCKET= || echo "the VMM has it too"
)"
MAINPID=$vm_pid run bash "$work/microvm-shutdown"
verdict run-exec-stop "$(
	same "microvm-shutdown's exit status" 0 "$status"
	[[ ! -e $vmm ]] || echo "it has not waited for the VMM"
	read -r _ _ state _ 2>/dev/null <"/proc/$vm_pid/stat"
	[[ ${state:-Z} == Z ]] || echo "it has not waited for \$MAINPID"
)"
end vm
exit_status=$status
stop sink
verdict run-exit-status "$(
	same "the exit status" 7 "$exit_status"
	has EXIT_STATUS=7 "$(datagrams)" "what the host was told"
	has STOPPING=1 "$(datagrams)" "what the host was told"
	same "what is left" "" "$(find "$work/vm" -name 'notify.vsock*')"
)"
summary
