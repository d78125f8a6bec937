#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The completions, each in its real shell: what a tab offers is what --help has, the words that an option takes, files, and
# behind "--" what the VMM's own completion offers.
#	tests/cli/test-completion.sh [FOLDER OF THE COMPLETIONS]
# BUILD names another build folder, SHELLS the shells that are tried.

# shellcheck disable=SC1091,SC2154 # lib.sh sets the variables that seem to come from nowhere
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

folder=${1:-$build/completions}
require_built vsock-notify vsock-notify-run plugins/notify.so
bash_completion=/usr/share/bash-completion/bash_completion
mkdir "$work/bin" "$work/home" "$work/home/files"
ln -s "$shim" "$work/bin/vsock-notify"
printf '#!/bin/sh\n' >"$work/bin/a-vmm"
chmod 755 "$work/bin/a-vmm"
: >"$work/home/files/socket"
export HOME=$work/home PATH=$work/bin:$PATH LC_ALL=C.UTF-8
unset VSOCK_NOTIFY_PLUGIN_PATH ZDOTDIR BASH_COMPLETION_USER_DIR XDG_DATA_HOME XDG_CONFIG_HOME XDG_CONFIG_DIRS XDG_DATA_DIRS
cd "$HOME" || exit 1

# ---- each shell: complete_in_SHELL LINE prints what a tab at the end of LINE offers, one a line

# bash: as readline hands it over, split at $COMP_WORDBREAKS too. $plain: without the package bash-completion.
complete_in_bash() {
	plain=${plain:-} bash --norc --noprofile -c '
		[[ $plain ]] || source "$1"
		source "$2"
		complete -W "--kernel --disk" a-vmm
		COMP_LINE=$3 COMP_POINT=${#3} COMP_WORDS=() COMP_TYPE=9 COMP_KEY=9
		while read -r word; do
			COMP_WORDS+=("$word")
		done < <(sed "s/\([=:]\)/\n\1\n/g; s/ /\n/g" <<<"$3" | sed "\$!{/^$/d}")
		[[ $3 != *[=:] ]] || unset "COMP_WORDS[-1]"
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		read -ra how < <(complete -p vsock-notify)
		[[ ${how[1]} == -F ]] || exit
		"${how[2]}" vsock-notify "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
		printf "%s\n" "${COMPREPLY[@]}"' - "$bash_completion" "$folder/vsock-notify" "$1" 2>"$work/shell.err"
}

complete_in_plain-bash() {
	plain=1 complete_in_bash "$1"
}

# zsh: an interactive one on a terminal of its own, whose tab writes down what compadd is to add.
cat >"$work/capture.zsh" <<'ZSH'
PROMPT=
fpath=($folder $fpath)
autoload -Uz compinit
compinit -u -D
_a_vmm() { compadd -- --kernel --disk }
compdef _a_vmm a-vmm
capture() {
	compadd() {
		local -a hits
		# what only fills an array adds nothing
		if (( ! ${@[(I)-[OAD]*]} )); then
			builtin compadd -O hits "$@"
			(( $#hits )) && print -rl -- $hits >>$offered
		fi
		builtin compadd "$@"
	}
	_main_complete
	unfunction compadd
	print done >$offered.done
}
zle -C capture list-choices capture
bindkey '^I' capture
print ready >$offered.done
ZSH
cat >"$work/drive.zsh" <<'ZSH'
zmodload zsh/zpty
zpty shell "stty rows 50 columns 200; exec zsh -f -i"
zpty -w shell ". $2"
read -r -t $patience line <>$offered.done || print -r -- "zsh did not start" >&2
zpty -n -w shell "$1"$'\t'
read -r -t $patience line <>$offered.done || print -r -- "zsh did not complete" >&2
zpty -d shell
ZSH
complete_in_zsh() {
	rm -f "$work/reply" "$work/reply.done"
	mkfifo "$work/reply.done"
	: >"$work/reply"
	folder=$folder offered=$work/reply patience=$patience zsh -f "$work/drive.zsh" "$1" "$work/capture.zsh" 2>"$work/shell.err"
	sort -u "$work/reply"
}

complete_in_fish() {
	fish --no-config -c '
		source $argv[1]
		complete -c a-vmm -l kernel
		complete -c a-vmm -l disk
		complete -C $argv[2]' "$folder/vsock-notify.fish" "$1" 2>"$work/shell.err" | cut -f1
}

# ---- what must be offered

# offers SHELL LINE WORD...: complaints about words that are not offered. fish and bash offer whole words or the rest of one.
offers() {
	local shell=$1 line=$2 offered word
	shift 2
	offered=$("complete_in_$shell" "$line" | sed 's/^--[a-z0-9-]*=\(.\)/\1/; s/=$//')
	for word; do
		grep -qxF -e "$word" <<<"$offered" || echo "\"$line\" does not offer $word, but: $(tr '\n' ' ' <<<"$offered")"
	done
}

# offers_only SHELL LINE WORD...
offers_only() {
	local shell=$1 line=$2 offered
	shift 2
	offered=$("complete_in_$shell" "$line" | sed 's/^--[a-z0-9-]*=\(.\)/\1/; s/=$//' | sed '/^$/d' | sort -u)
	same "what \"$line\" offers" "$(printf '%s\n' "$@" | sort -u | paste -sd' ')" "$(paste -sd' ' <<<"$offered")"
}

commands=$("$shim" --help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\).*/\1/p')
options_of() {
	"$shim" "$1" --help | sed -n 's/^  \(--[a-z0-9-]*\).*/\1/p'
}

# What a wrong value's error line says that it must be: each option's words, from the program itself.
choices_of() {
	"$shim" "$1" "$2=?" ${3:+-- true} 2>&1 | sed -n 's/.*it must be \([a-z]*, \)/\1/p; s/.*it must be \([a-z]* or [a-z]*\)$/\1/p' |
		sed 's/settle:USEC/settle:/; s/, \| or /\n/g' | grep -xE '[a-z-]+:?'
}

try() {
	local shell=$1 command option list
	mapfile -t list <<<"$commands"
	verdict "$shell-commands" "$(offers_only "$shell" 'vsock-notify ' "${list[@]}" |
		grep -v -- "--help" # bash offers these two here as well
		offers "$shell" 'vsock-notify --' --help --version)"
	for command in $commands; do
		mapfile -t list < <(options_of "$command")
		[[ $command != run ]] || list+=(--)
		verdict "$shell-options-of-$command" "$(offers_only "$shell" "vsock-notify $command --" "${list[@]}")"
	done
	verdict "$shell-choices" "$(
		found=0
		for command in run serve; do
			for option in $(options_of "$command"); do
				mapfile -t list < <(choices_of "$command" "$option" "${command#serve}")
				((${#list[@]} > 1)) || continue
				found=$((found + 1))
				offers_only "$shell" "vsock-notify $command $option=" "${list[@]}"
			done
		done
		((found == 17)) || echo "$found options with choices, not 17"
	)"
	verdict "$shell-choice-begun" "$(offers_only "$shell" 'vsock-notify run --vmm=cloud' cloud-hypervisor)"
	verdict "$shell-value-as-a-word-of-its-own" "$(offers "$shell" 'vsock-notify serve --framing ' auto eof settle:)"
	verdict "$shell-user-and-group" "$(
		offers "$shell" 'vsock-notify serve --allow-uid=roo' root
		offers "$shell" 'vsock-notify serve --socket-group=roo' root)"
	verdict "$shell-plugin" "$(offers "$shell" 'vsock-notify serve --plugin=not' notify)"
	verdict "$shell-file" "$("complete_in_$shell" 'vsock-notify serve files/so' | grep -q 'socket$' || echo "no file")"
	verdict "$shell-file-of-an-option" "$("complete_in_$shell" 'vsock-notify run --vsock=files/so' | grep -q 'socket$' || echo "no file")"
	verdict "$shell-dashes" "$(offers "$shell" 'vsock-notify run --print -' --help)"
	verdict "$shell-vmm" "$(offers "$shell" 'vsock-notify run --reboot=status -- a-v' a-vmm)"
	[[ $shell == plain-bash ]] ||
		verdict "$shell-vmm-options" "$(offers_only "$shell" 'vsock-notify run --reboot=status -- a-vmm --' --kernel --disk)"
	verdict "$shell-no-vmm-without-dashes" "$(
		"complete_in_$shell" 'vsock-notify serve a-v' | grep -x a-vmm)"
}

# The names differ from the packages': bash is there, its package is what the real completions come from.
for shell in ${SHELLS:-plain-bash bash zsh fish}; do
	if [[ $shell == bash && ! -e $bash_completion ]] || ! command -v "${shell#plain-}" >"$work/which"; then
		echo "skip $shell: it is not installed (packages bash-completion, zsh, fish)"
		continue
	fi
	try "$shell"
done

verdict bash-shellcheck "$(
	command -v shellcheck >"$work/which" || exit 0
	shellcheck -S warning -e SC2206,SC2207 "$folder/vsock-notify" | head -n 5
)"
summary
