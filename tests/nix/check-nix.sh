#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The Nix files: each parses; the module, its options and the package are evaluated (verdict.nix), without import from derivation,
# with a stand-in for nixpkgs' lib; the units are looked at by systemd, and against vm@.service; their ExecStart= is run with
# --print; the package's source is enough to build from.
#	tests/nix/check-nix.sh
# NIXPKGS_LIB=/path/to/nixpkgs/lib evaluates with that as well, MICROVM_SRC=/path/to/microvm.nix (a folder of files, or a git
# checkout) tries nixos/microvm.nix with it. BUILD is another build folder. Nothing is built by Nix, and there is no store.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

here=$top/tests/nix
nixos=$top/vsock-notify/nixos

skip() {
	echo "skip $1: $2"
}

if ! command -v nix-instantiate >/dev/null; then
	skip nix "there is no nix-instantiate (Debian: nix-bin)"
	summary
	exit
fi

# nix ARGUMENT...: without a store, a home, or a word about builders that nobody needs.
nix() {
	HOME=$work NIX_STATE_DIR=$work/nix nix-instantiate "$@" 2> >(grep -v build-users-group >&2)
}

# evaluate EXPRESSION: its value as JSON.
evaluate() {
	nix --eval --strict --json --store dummy:// --option allow-import-from-derivation false --expr "$1"
}

has() {
	grep -qF -- "$1" <<<"$2" || echo "$3 has no $1"
}

# --- each file by itself

parses() {
	local file
	while IFS= read -r file; do
		{ nix --parse --store dummy:// "$file" >/dev/null; } 2>&1
	done < <(find "$top/flake.nix" "$top/default.nix" "$nixos" "$top/tests" -name '*.nix')
}
verdict parses "$(parses)"

verdict each-assertion-is-tried "$(
	same "the number of them in wrong.nix" \
		"$(grep -cE '^ *\(needs |\+\+ shared ' "$nixos/assertions.nix")" "$(grep -c 'says = ' "$here/wrong.nix")"
)"

# An import of what has to be built first.
verdict no-import-from-derivation "$(
	grep -nE '(import|readFile|readDir) +\(?"?\$?\{?(pkgs\.|[a-z]+Package)' "$nixos"/*.nix | grep -vF 'pkgs.path'
)"

# --- what evaluation says

# cases PREFIX LIB: verdict.nix's.
cases() {
	local result name complaint
	if ! result=$(evaluate "import $here/verdict.nix { lib = import $2; }" 2>&1); then
		not_ok "$1evaluates" "${result//$'\n'/; }"
		return
	fi
	while IFS=$'\t' read -r name complaint; do
		verdict "$1$name" "$complaint"
	done < <(jq -r 'to_entries[] | "\(.key)\t\(.value | gsub("\n"; "; "))"' <<<"$result")
}
cases '' "$here/lib.nix"
if [[ -n ${NIXPKGS_LIB:-} ]]; then
	cases real-lib- "$NIXPKGS_LIB"
else
	skip real-lib "NIXPKGS_LIB names no nixpkgs/lib (optional)"
fi

# --- in step with what is shipped for systemd

# settings UNIT: its [Service] settings, sorted, without those that are each one's own: vm@.service takes the command line from a
# file, and names by %i.
settings() {
	sed -n '/^\[Service\]/,/^\[Install\]/p' "$1" | grep -E '^[A-Z][A-Za-z]*=' |
		grep -vE '^(Environment|EnvironmentFile|ExecStart)=' | sed 's/%i/least/' | sort
}
verdict in-step-with-vm@.service "$(diff <(settings "$top/vsock-notify/systemd/vm@.service") <(settings "$here/golden/vm-least.service"))"
verdict in-step-with-vm@.service-unit "$(
	for setting in Documentation After; do
		same "$setting=" "$(sed -n "s/^$setting=//p" "$top/vsock-notify/systemd/vm@.service")" \
			"$(sed -n "s/^$setting=//p" "$here/golden/vm-least.service")"
	done
)"

# --- in step with the Makefile and the program

# those that policy.c never lets pass are those that assertions.nix knows
verdict never-passing-fields "$(
	diff <(sed -nE 's/.*\{"([A-Z_]+)", NEVER,.*/\1/p' "$top/vsock-notify/plugins/notify/policy.c" | sort) \
		<(sed -n '/never = \[/,/\];/p' "$nixos/assertions.nix" | grep -oE '"[A-Z_]+"' | tr -d '"' | sort)
)"

verdict make-variables "$(
	grep -oE '"[A-Z]+=' "$nixos/package.nix" | tr -d '"=' | while IFS= read -r variable; do
		grep -qE "^$variable +\??=" "$top/Makefile" || echo "the Makefile has no $variable"
	done
)"

require_built vsock-notify vsock-notify-run plugins/notify.so tests/notify-sink

# The units with programs that are there, so that systemd looks at all the rest.
install -d "$work"/{vmm,package}/bin "$work/units"
ln -s "$(command -v true)" "$work/vmm/bin/cloud-hypervisor"
ln -s "$(command -v true)" "$work/vmm/bin/firecracker"
ln -s "$shim" "$work/package/bin/vsock-notify"
for unit in "$here"/golden/*.service; do
	sed -E "s,/packages/vsock-notify/,$work/package/,; s,/packages/[a-z-]+/,$work/vmm/," "$unit" >"$work/units/${unit##*/}"
done
if command -v systemd-analyze >/dev/null; then
	for unit in "$work"/units/*.service; do
		name=${unit##*/}
		verdict "systemd-${name%.service}" "$(
			systemd-analyze verify --man=no "$unit" 2>&1 | grep -F "$name"
		)"
	done
else
	skip systemd "there is no systemd-analyze (Debian: systemd)"
fi

# words LINE: the words of an ExecStart=, each ended by a NUL, as systemd.service(5) has it: quotes, escapes, %% and $$.
words() {
	local rest=$1 word='' open='' char
	while [[ -n $rest ]]; do
		char=${rest:0:1} rest=${rest:1}
		case $char in
		'"')
			if [[ -n $open ]]; then
				open=
			else
				open=yes
			fi
			;;
		"\\")
			case ${rest:0:1} in
			n) word+=$'\n' ;;
			t) word+=$'\t' ;;
			*) word+=${rest:0:1} ;;
			esac
			rest=${rest:1}
			;;
		'%' | '$')
			[[ ${rest:0:1} == "$char" ]] || echo "a single $char" >&2
			word+=$char rest=${rest:1}
			;;
		' ')
			if [[ -n $open ]]; then
				word+=' '
			else
				printf '%s\0' "$word"
				word=
			fi
			;;
		*) word+=$char ;;
		esac
	done
	printf '%s\0' "$word"
}

# prints UNIT: the command line that the wrapper would execute.
prints() {
	local words
	mapfile -d '' -t words < <(words "$(sed -n 's/^ExecStart=//p' "$work/units/vm-$1.service")")
	RUNTIME_DIRECTORY=/run/vm-$1 run "${words[0]}" "${words[1]}" --print "${words[@]:2}"
}

prints least
verdict prints-least "$(
	same "exit status" 0 "$status"
	has "--vsock cid=3,socket=/run/vm-least/vsock" "$out" "the command line"
	has "vmm.notify_socket=vsock-stream:2:1234" "$out$err" "what is said"
)"
prints most
verdict prints-most "$(
	same "exit status and error" "0 " "$status $err"
	has "vmm.notify_socket=vsock-stream:2:8888" "$out" "the command line"
)"
prints vsock
verdict prints-vsock "$(
	same "exit status" 0 "$status"
	has "cid=42,socket=/run/vm-vsock/notify.vsock" "$out" "the command line"
)"
prints odd
verdict prints-odd "$(
	# Read back by a shell, the command line begins with what cases.nix says, word for word.
	eval "got=($out)"
	mapfile -d '' -t expected < <(evaluate "(import $here/cases.nix).odd.command" | jq -j '.[] + "\u0000"')
	expected[0]=$work/vmm/bin/cloud-hypervisor
	same "exit status" 0 "$status"
	same "number of words" yes "$( ((${#expected[@]} > 10 && ${#got[@]} > ${#expected[@]})) && echo yes)"
	for i in "${!expected[@]}"; do
		same "word $i" "${expected[i]}" "${got[i]}"
	done
	has "--vsock cid=3,socket=/run/vm-odd/v" "$out" "the command line"
)"

# --- the package's source is all that building, installing and its checks want

mkdir "$work/source"
evaluate "(import $nixos/source.nix).include" | jq -r '.[]' | (cd "$top" && xargs -d '\n' cp -r --parents -t "$work/source")
evaluate "(import $nixos/source.nix).exclude" | jq -r '.[]' | (cd "$work/source" && xargs -d '\n' rm -r)
verdict builds-from-its-source "$(
	cd "$work/source" || exit
	env -u MAKEFLAGS -u MAKELEVEL make -s --no-print-directory BUILD=build CFLAGS=-O0 PREFIX="$work/out" INCLUDEDIR="$work/dev/include" MANDIR="$work/man/share/man" \
		WARNINGS=-Wall install 2>&1
	same "its version" "vsock-notify $(sed -n 's/.*VERSION "\(.*\)"/\1/p' vsock-notify/base/version.h)" "$("$work/out/bin/vsock-notify" --version)"
	[[ -e $work/dev/include/vsock-notify-plugin.h ]] || echo "no header"
	for page in "$top"/docs/*.[1-8]; do
		[[ -e $work/man/share/man/man${page##*.}/${page##*/} ]] || echo "no manual page ${page##*/}"
	done
)"
verdict checks-from-its-source "$(
	cd "$work/source" || exit
	mapfile -t programs < <(printf 'build/tests/unit/%s\n' tests/unit/test_*.c | sed 's|tests/unit/tests/unit|tests/unit|; s|\.c$||')
	if complaint=$(env -u MAKEFLAGS -u MAKELEVEL make -s --no-print-directory BUILD=build CFLAGS=-O0 WARNINGS=-Wall "${programs[@]}" 2>&1); then
		BUILD=build tests/run-tests.sh "${programs[@]}" | sed -n '/^not ok/p; $p' | grep -vE '^[0-9]+ passed, 0 failed'
	else
		echo "$complaint"
	fi
)"

# --- microvm.nix without patches

if [[ -z ${MICROVM_SRC:-} ]]; then
	skip microvm "MICROVM_SRC names no microvm.nix (optional)"
	summary
	exit
fi
microvm=$work/microvm
commit=71beea0076cd46dafcee97a5a2e7d00cbba5bd2f # main of August 2026, as in ../patches/test-microvm.sh
if [[ -d $MICROVM_SRC/lib/runners ]]; then
	cp -r "$MICROVM_SRC" "$microvm"
else
	mkdir "$microvm"
	git --git-dir="$(git -C "$MICROVM_SRC" rev-parse --absolute-git-dir)" archive "$commit" | tar x -C "$microvm"
fi

# script WHAT: of what is on standard input, the text that is between marks.
script() {
	awk -v name="@@$1" '$0 ~ /@@/ && inside { exit } inside { print } index($0, name) { inside = 1 }'
}
switched=$(evaluate "let r = import $here/microvm-runner.nix { lib = import $here/lib.nix; src = $microvm; options = [ \"--extend-start=60\" ];
	paths = { vsock-notify = \"$work/package\"; cloud-hypervisor = \"$work/vmm\"; wrapped = \"$work/wrapped\"; }; };
	in { inherit (r) runner; wrapped = r.wrapped.text; }")
mkdir -p "$work/wrapped/bin" "$work/vm"
{
	echo '#!/bin/bash'
	jq -r .wrapped <<<"$switched" | script wrapper
} >"$work/wrapped/bin/cloud-hypervisor"
chmod +x "$work/wrapped/bin/cloud-hypervisor"
jq -r .runner <<<"$switched" | script "script microvm-vm-microvm-run" >"$work/microvm-run"
rm "$work/vmm/bin/cloud-hypervisor"
# A VMM that says who it is, and what became of the variables.
cat >"$work/vmm/bin/cloud-hypervisor" <<'END'
#!/bin/bash
{
	tr '\0' '\n' <"/proc/$$/environ" | grep -E '^(VSOCK_)?NOTIFY_SOCKET=' | sed 's/^/left: /'
	echo "parent: $(basename "$(readlink "/proc/$PPID/exe")")"
	[[ -S notify.vsock_8888 ]] && echo "listening"
	printf '%s\n' "$@"
} >said
END
chmod +x "$work/vmm/bin/cloud-hypervisor"
cd "$work/vm" || exit 1
start_sink
run env -u LISTEN_FDS NOTIFY_SOCKET="$work/notify" bash "$work/microvm-run"
stop sink
verdict microvm-run "$(
	same "exit status" 0 "$status"
	! grep -F socat <<<"$err" || echo "it started socat"
	said=$(cat said 2>&1)
	! grep '^left:' <<<"$said" || echo "the VMM has it too"
	has "parent: vsock-notify-run" "$said" "what the VMM saw"
	has listening "$said" "what the VMM saw"
	has "cid=3,socket=notify.vsock" "$said" "the VMM's command line"
	has "vsock-stream:2:8888" "$said" "the VMM's command line"
)"

if [[ -n ${NIXPKGS_LIB:-} ]]; then
	# host "SETTINGS" ATTRIBUTE: of microvm-host.nix.
	host() {
		evaluate "(import $here/microvm-host.nix { lib = import $NIXPKGS_LIB; src = $microvm; microvm = { $1 }; }).$2" 2>&1
	}
	verdict microvm-off "$(
		same access '{"left":"as it was","mute":"as it was","other":"as it was","web":"as it was"}' "$(host '' access)"
		same packages '{"left":"cloud-hypervisor","mute":"cloud-hypervisor","other":"firecracker","web":"cloud-hypervisor"}' "$(host '' packages)"
		same preStart '"first"' "$(host '' preStart)"
	)"
	on='enable = true; exclude = [ "left" ];'
	verdict microvm-on "$(
		same access '{"left":"as it was","mute":"as it was","other":"as it was","web":"main"}' "$(host "$on" access)"
		same packages '{"left":"cloud-hypervisor","mute":"cloud-hypervisor","other":"firecracker","web":"cloud-hypervisor-vsock-notify-53.0"}' \
			"$(host "$on" packages)"
		has 'unset NOTIFY_SOCKET\n\nfirst' "$(host "$on" preStart)" preStart
		same "what is wrong" '[]' "$(host "$on" wrong)"
	)"
	verdict microvm-refuses "$(
		wrong=$(host 'enable = true; exclude = [ "x" ]; extraOptions = [ "--port=1" ];' wrong)
		has "extraOptions: --port=1: these are set by microvm.nix's runner: leave them out" "$wrong" "what is wrong"
		has "exclude: write names of microvm.vms: x are none" "$wrong" "what is wrong"
	)"
else
	skip microvm-host "NIXPKGS_LIB names no nixpkgs/lib (optional)"
fi
summary
