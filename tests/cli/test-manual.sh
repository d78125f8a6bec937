#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The manual pages against the program and the units, both ways: what one has, the other has too.
#	tests/cli/test-manual.sh [PAGE OF SECTION 1]
# BUILD names another build folder.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

require_built vsock-notify vsock-notify-run vsock-notify-show plugins/notify.so
unset VSOCK_NOTIFY_PLUGIN_PATH
page=${1:-$top/docs/vsock-notify.1}
source=${SOURCE:-$top/vsock-notify}

# agree NAME PROGRAM MANUAL: two lists, one entry a line, of which neither is empty.
agree() {
	local name=$1 program=$2 manual=$3
	verdict "$name" "$(
		[[ -n $program ]] || echo "nothing found in the program"
		diff <(sort <<<"$program") <(sort <<<"$manual") |
			sed -n 's/^</only in the program:/p; s/^>/only in the manual:/p'
	)"
}

# section TITLE: of the page, as plain lines: escapes and macros resolved, ".TP" kept.
section() {
	awk -v title="$1" '
		/^\.S[HS] / { inside = substr($0, 5) == title; next }
		inside' "$page" |
		sed -e 's/\\f[BIRP]//g; s/\\-/-/g; s/\\~/ /g; s/" *, *"/, /g; s/"//g' \
			-e '/^\.\(BI\|BR\|IR\|RB\|RI\) --/s/\([=]\) /\1/' \
			-e '/^\.\(BI\|BR\|IR\|RB\|RI\) [a-z-]*= /s/\([=]\) /\1/' \
			-e 's/^\.\(B\|I\|BI\|BR\|IR\|RB\|RI\) //'
}

# What follows each ".TP": "--port=PORT".
tags() {
	section "$1" | awk 'tag { print; tag = 0 } /^\.TP$/ { tag = 1 }'
}

# tag TAB default, for those that have one.
defaults() {
	section "$1" | awk '
		tag { name = $0; tag = 0 }
		/^\.TP$/ { tag = 1 }
		/^Default: / { sub(/^Default: /, ""); sub(/\.$/, ""); print name "\t" $0 }'
}

# options_of COMMAND: "--port=PORT"; defaults_of COMMAND: option TAB default, for those that have one.
options_of() {
	"$shim" "$1" --help | sed -n 's/^  \(--[^ ]*\).*/\1/p' | grep -vx -- --help
}

defaults_of() {
	"$shim" "$1" --help | sed -n 's/^  \(--[^ ]*\) .* \[\([^]]*\)\]$/\1\t\2/p'
}

# run has options of its own, and those of serve but for one that is named there.
agree options "$(options_of serve)" "$(tags 'Options of serve')"
agree options-of-run "$(options_of run)" \
	"$(tags 'Options of run'; tags 'Options of serve' | grep -v '^--dump-plugin=')"
verdict options-of-run-exception "$(
	same "what serve has alone" --dump-plugin=NAME \
		"$(comm -23 <(options_of serve | sort) <(options_of run | sort))"
	[[ $(section 'Options of run') == *--dump-plugin* ]] || echo "the manual does not name it"
)"
agree options-of-status "$(options_of status)" "$(tags 'Options of status')"
agree options-of-wait "$(options_of wait)" "$(tags 'Options of wait')"
agree options-defaults-of-wait "$(defaults_of wait)" "$(defaults 'Options of wait')"
agree options-defaults "$(defaults_of serve)" "$(defaults 'Options of serve')"
agree options-defaults-of-run "$(defaults_of run)" \
	"$(defaults 'Options of run'; defaults 'Options of serve')"
agree options-of-program \
	"$("$shim" --help | sed -n 's/^  \(--[a-z]*\) .*/\1/p')" "$(tags OPTIONS)"

# The tables are where --help comes from: a name there that --help hides would be seen here.
# table FILE NAME: the options in it.
table() {
	sed -n "/option_entry $2\\[/,/^};/p" "$source/$1" | grep -o '{"[a-z0-9-]*",' | tr -d '{",' | sed 's/^/--/'
}
bridge_table=$(table bridge/bridge_options.c bridge_option_table)
agree options-tables "$bridge_table
$(table bridge/bridge_options.c serve_option_table)" "$(options_of serve | cut -d= -f1)"
agree options-tables-of-run "$bridge_table
$(table run/run_options.c run_option_table)" "$(options_of run | cut -d= -f1)"

# Of several words, the manual has each.
verdict options-choices "$(
	"$shim" run --help | grep -oE '^  --(vmm|credential|exit-status|on-emergency|on-restore|reboot)=' | tr -d ' =' |
		while read -r option; do
			"$shim" run "$option=" -- true 2>&1 | sed 's/.*it must be //; s/, \| or /\n/g' |
				while read -r choice; do
					section 'Options of run' | sed -n "/^$option=/,/^\.TP/p" | grep -qw -e "$choice" ||
						echo "$option: the manual does not know $choice"
				done
		done
)"

agree commands "$("$shim" --help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\).*/\1/p')" \
	"$(tags COMMANDS)"
agree keys-of-notify \
	"$("$shim" plugins | sed -n '/^notify /,/^[a-z]/s/^    \([a-z-]*=[A-Za-z|,.]*\)  .*/\1/p')" \
	"$(tags PLUGINS)"

# Fields, of each kind of passing: those that pass with the value 1 only, and others.
fields() {
	tr -d '\n' <"$source/plugins/notify/policy.c" | grep -oE "\{\"[A-Z_]+\",[[:space:]]*$1,[^}]*\}" |
		sed -E 's/^\{"([A-Z_]+)".*is_one.*/\1=1/; s/^\{"([A-Z_]+)".*/\1=/'
}
names() {
	sort -u | paste -sd' '
}
agree fields "$(fields BY_DEFAULT)" "$(tags 'WHAT PASSES')"
agree fields-on-request "$(printf '%s\n' "$(fields ON_REQUEST)" 'X_*' 'X_SYSTEMD_*')" "$(tags 'WHAT PASSES ON REQUEST')"
agree fields-never "$(printf '%s\n' "$(fields NEVER)" WATCHDOG=trigger Others)" "$(tags 'WHAT NEVER PASSES' | tr -s ', ' '\n')"
# docs/security.md has a row for each.
verdict fields-in-security "$(same "fields in the table" \
	"$(printf '%s\n' "$(fields '[A-Z_]+')" | tr -d '=1' | names)" \
	"$(sed -nE 's/^\| `([A-Z_]+)=?.*/\1/p' "$top/docs/security.md" | names)")"

agree environment \
	"$(grep -rhoE '(un)?(get|set)env\("[A-Z_]+"' --include=*.[ch] --exclude-dir=plugins "$source" | grep -oE '[A-Z_]{2,}' | sort -u)" \
	"$(tags ENVIRONMENT | tr -s ', ' '\n')"

version=$("$shim" --version)
agree version "${version#vsock-notify }" \
	"$(sed -n 's/^\.TH .* "vsock\\-notify \([0-9.]*\)" .*/\1/p' "$page")"

# ---- the other pages

pages=("$top"/docs/*.[1-8])

# The units' page: the variables that they read, both ways, and the files that it names are theirs.
units=$source/systemd
page=$top/docs/vm@.service.8
agree unit-variables \
	"$(grep -h '^ExecStart=' "$units"/*.service | grep -oE '\$\{?[A-Z_]+' | tr -d '${' | sort -u)" "$(tags CONFIGURATION)"
verdict unit-files "$(
	for directive in EnvironmentFile RuntimeDirectory StateDirectory ListenStream; do
		grep -hE "^$directive=" "$units"/*.service "$units"/*.socket | sed 's/^[A-Za-z]*=-\{0,1\}//' | while read -r path; do
			case $directive in
			RuntimeDirectory) path=/run/$path ;;
			StateDirectory) path=/var/lib/$path ;;
			esac
			path=${path//%t//run} path=${path//%i/NAME}
			tags FILES | grep -qxF -e "${path%_1234}" || echo "the manual does not name $path"
		done
	done
)"
agree unit-names "$(ls "$units")" "$(section NAME | sed 's/ \\- .*//; s/\\-/-/g' | head -n 1 | sed 's/ - .*//; s/, /\n/g')"
verdict unit-defaults "$(
	# shellcheck disable=SC2016 # systemd's words, not this shell's
	grep -q '^Environment=VMM=cloud-hypervisor "VMM_OPTIONS=--api-socket path=%t/vm-%i/api"$' "$units/vm@.service" ||
		echo "the defaults in vm@.service are others than the manual's"
	for setting in TimeoutStartSec=5min TimeoutStopSec=90s; do
		grep -qx "$setting" "$units/vm@.service" || echo "vm@.service has not $setting, as the manual says"
	done
)"

# Options that a page names, in any form, are options of a command.
known=$(for command in serve run; do "$shim" "$command" --help; done | grep -oE '^  --[a-z0-9-]+' | tr -d ' ' | sort -u)
verdict manual-options "$(
	for page in "$top/docs/vsock-notify.7" "$top/docs/vm@.service.8"; do
		sed 's/\\-/-/g' "$page" | grep -vE 'VM_ARGS|VMM_OPTIONS|--(kernel|disk|cmdline|memory|cpus|config-file|no-api|api-socket)' |
			grep -oE '(^|[ "=])--[a-z][a-z0-9-]+' | grep -oE -e '--.*' | sort -u | comm -23 - <(echo "$known") |
			sed "s|^|${page##*/}: no such option: |"
	done
)"

# References: a page that is ours exists, and so do files that are named in docs/.
verdict manual-references "$(
	for page in "${pages[@]}"; do
		sed 's/\\-/-/g' "$page" | sed -nE 's/^\.BR (vsock-notify|vm@\.service|vsock-notify@\.[a-z]+) \(([0-9])\).*/\1.\2/p' |
			while read -r name; do
				[[ -e $top/docs/$name ]] || echo "${page##*/} refers to $name, which is not there"
			done
		sed 's/\\-/-/g' "$page" | grep -oE 'docs/[a-z.-]+\.md' | while read -r name; do
			[[ -e $top/$name ]] || echo "${page##*/} names $name, which is not there"
		done
	done
)"

# One version in all of them.
verdict manual-versions "$(
	for page in "${pages[@]}"; do
		grep -qF "\"vsock\\-notify ${version#vsock-notify }\"" "$page" || echo "${page##*/} is of another version"
	done
)"

# lint NAME COMMAND...: says nothing of the pages.
lint() {
	if ! command -v "$2" >/dev/null; then
		echo "skip manual-$1: there is no $2"
		return
	fi
	run "${@:2}" "${pages[@]}"
	verdict "manual-$1" "$(same "exit status" 0 "$status"; head -n 3 <<<"$out$err")"
}
lint mandoc mandoc -T lint -W warning
lint groff groff -man -ww -z

summary
