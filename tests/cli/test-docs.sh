#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The documents against the tree, the program and its source: each link and path leads somewhere, each option that is named exists,
# each line that docs/troubleshooting.md quotes is one that the program prints.
#	tests/cli/test-docs.sh [FOLDER]
# FOLDER: a tree in place of this one. BUILD names another build folder.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

require_built vsock-notify vsock-notify-run plugins/notify.so
tree=${1:-$top}
cd "$tree" || exit 1
mapfile -t documents < <(find . -name '*.md' -not -path './build/*' -not -path './.*' | sed 's|^\./||' | sort)
((${#documents[@]} > 10)) || not_ok documents "only ${#documents[@]} found"

# prose FILE: without its indented code.
prose() {
	sed -E '/^(    |\t)/d' "$1"
}

# spans FILE: what stands in backquotes, one a line.
spans() {
	prose "$1" | grep -oE '`[^`]+`' | tr -d '`'
}

# anchors FILE: of its headings, as they are linked to.
anchors() {
	sed -nE 's/^#+ //p' "$1" | tr '[:upper:]' '[:lower:]' | sed -E 's/[^a-z0-9 _-]//g; s/ /-/g'
}

verdict links "$(
	for document in "${documents[@]}"; do
		prose "$document" | grep -oE '\]\([^)]+\)' | tr -d '()]' | while read -r link; do
			[[ $link != *://* && $link != mailto:* ]] || continue
			file=${link%%#*}
			target=$document
			[[ -z $file ]] || target=$(dirname "$document")/$file
			if [[ ! -e $target ]]; then
				echo "$document links to $link, which is not there"
			elif [[ $link == *#* ]] && ! anchors "$target" | grep -qxF -e "${link#*#}"; then
				echo "$document links to $link, but there is no such heading"
			fi
		done
	done
)"

# Paths of the tree in backquotes, globs too. What is built, and other projects' files, is not in it.
verdict paths "$(
	for document in "${documents[@]}"; do
		[[ $document != patches/*/* ]] || continue
		spans "$document" | grep -E '^(docs|tests|vsock-notify|patches)/[^ <>]+$' | grep -vE '[A-Z]{3}|=' | while read -r path; do
			compgen -G "$path" >"$work/found" || compgen -G "$(dirname "$document")/$path" >"$work/found" ||
				echo "$document names $path, which is not there"
		done
	done
)"

# Options that stand at the beginning of a span, or behind a command, or as RUN_OPTIONS=.
vmm_options="--api-socket --cmdline --config-file --daemonize --disk --event-monitor --firmware --igvm --kernel --new-pid-ns --no-api --no-shutdown --platform --pvpanic
	--restore --vsock"
known=$({
	for command in '' $("$shim" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\).*/\1/p'); do
		"$shim" ${command:+"$command"} --help
	done | grep -oE '^  --[a-z0-9-]+' | tr -d ' '
	printf '%s\n' $vmm_options
} | sort -u)
verdict options "$(
	for document in README.md docs/{architecture,security,plugins,systemd,from-socat,compatibility,troubleshooting,journal,libvirt}.md; do
		spans "$document" | sed -nE 's/^(vsock-notify [a-z]+ |(RUN|SERVE)_OPTIONS=)?(--[a-z0-9-]+).*/\3/p' | sort -u |
			comm -23 - <(echo "$known") | sed "s|^|$document: no such option: |"
	done
)"

# Keys of --plugin=notify,KEY=.
keys=$("$shim" plugins | sed -nE 's/^    ([a-z-]+)=.*/\1/p')
verdict keys "$(
	for document in "${documents[@]}"; do
		grep -oE -e '--plugin=notify(,[a-z-]+=)' "$document" | sed -E 's/.*,([a-z-]+)=/\1/' | sort -u |
			grep -vxF -e "$keys" | sed "s|^|$document: the notify plugin has no key |"
	done
)"

# The source's messages, one a line: neighbouring literals put together, conversions as "\1" (a character that is in none).
messages() {
	find vsock-notify -name '*.c' -print0 | xargs -0 cat | tr '\n\t' '  ' | sed -E "s/'\"'//g"';s/([^\\])" +"/\1/g' |
		grep -oE '"([^"\\]|\\.)*"' | sed -E 's/^"//; s/"$//; s/\\"/"/g; s/%(%|[-.*0-9]*(ll|l|z)?[a-z])/\x01/g' | sort -u
}

# A span with a space in it that is no command: a quoted line, or a part of one.
quotes() {
	spans "$1" | grep ' ' | grep -vE '^(journalctl|systemctl|systemd-[a-z]+|vsock-notify|ss|machinectl|--[a-z-]+ )|^[A-Z_]+=' | sort -u
}

messages >"$work/messages"
# A quote is a message whose conversions may be anything, or is part of one where its "..." may be anything.
verdict quoted-lines "$(
	quotes docs/troubleshooting.md >"$work/quotes"
	(($(grep -c '' "$work/quotes") > 20)) || echo "only $(grep -c '' "$work/quotes") found"
	awk -v messages="$work/messages" '
		# text as a regular expression, in which each hole is anything
		function pattern(text, hole,    out, c) {
			out = ""
			while (text != "") {
				if (substr(text, 1, length(hole)) == hole) {
					out = out ".*"
					text = substr(text, length(hole) + 1)
					continue
				}
				c = substr(text, 1, 1)
				if (index("[]^\\", c))
					out = out "\\" c
				else
					out = out (c ~ /[A-Za-z0-9 _,:;=~#\/-]/ ? c : "[" c "]")
				text = substr(text, 2)
			}
			return out
		}
		BEGIN {
			while ((getline line < messages) > 0) {
				message[++n] = line
				bare = line
				gsub(/[^A-Za-z]/, "", bare)
				whole[n] = length(bare) >= 4 ? "^" pattern(line, "\001") "$" : ""
			}
		}
		{
			part = pattern($0, "...")
			for (i = 1; i <= n; i++)
				if ((whole[i] != "" && $0 ~ whole[i]) || message[i] ~ part)
					next
			print "no such message: " $0
		}' "$work/quotes" 2>&1
)"
verdict messages "$(grep -q '^listening at ' "$work/messages" || echo "the source's messages are not found")"

summary
