# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# For test scripts to source after tests/lib.sh: reads the table of launch lines, tests/launch/lines.txt, which says what its
# lines mean, and has build/tests/launch/plan make the plan of one.
# shellcheck disable=SC2034 # some variables are for who sources this
# shellcheck disable=SC2154 # lib.sh sets the variables that seem to come from nowhere

require_built tests/launch/plan
D=$work/vm

# The socket that is used if a launch line names none, and what else the environment says, are the same everywhere.
export RUNTIME_DIRECTORY=/run/vm
unset NOTIFY_SOCKET LISTEN_FDS LISTEN_PID

clear_entry() {
	entry='' source='' run_words='' line='' expected='' own=''
	files=()
	field=''
}

# Takes one line of the table into the entry that is being read.
take() {
	case $1 in
	'= '*) entry=${1#= } field='' ;;
	'source: '*) source=${1#*: } field=source ;;
	'run: '*) run_words=${1#*: } field=run ;;
	'line: '*) line=${1#*: } field=line ;;
	'file: '*) files+=("${1#*: }") field=file ;;
	'own: '*) own=${1#*: } field=own ;;
	$'\t'*)
		case $field in
		source) source+=" ${1#$'\t'}" ;;
		run) run_words+=" ${1#$'\t'}" ;;
		line) line+=" ${1#$'\t'}" ;;
		file) files[-1]+=" ${1#$'\t'}" ;;
		own) own+=" ${1#$'\t'}" ;;
		*) broken "$1" ;;
		esac
		;;
	*': '*) expected+=$1$'\n' field='' ;;
	*) broken "$1" ;;
	esac
}

broken() {
	not_ok "${entry:-lines.txt}" "the table has a line that says nothing: $1"
}

# The files of an entry, in a new folder $D. A file is "PATH CONTENT"; "PATH -> TARGET" is a symbolic link.
make_files() {
	local file path content
	rm -rf "$D"
	mkdir "$D"
	for file in "${files[@]}"; do
		path=$D/${file%% *}
		content=${file#* }
		mkdir -p "$(dirname "$path")"
		if [[ $content == '-> '* ]]; then
			ln -s "${content#-> }" "$path"
		else
			printf '%s\n' "$content" >"$path"
		fi
	done
}

# for_each_entry COMMAND: calls it for each entry, whose parts are in the variables of clear_entry(), in the entry's folder. The
# words of line and run_words are in vmm and options.
for_each_entry() {
	local text
	clear_entry
	while IFS= read -r text || [[ -n $text ]]; do
		if [[ $text == '#'* ]]; then
			continue
		elif [[ -n $text ]]; then
			take "$text"
		elif [[ -n $entry ]]; then
			use_entry "$1"
			clear_entry
		fi
	done < <(cat "$top/tests/launch/lines.txt" && echo)
}

use_entry() {
	local vmm=() options=()
	make_files
	eval "vmm=($line) options=($run_words)"
	cd "$D" || exit
	"$1"
	cd "$top" || exit
}

# plan [--vmm-arguments]: the plan of the entry; what is logged comes to standard error.
# shellcheck disable=SC2120 # who sources this gives the argument
plan() {
	"$build/tests/launch/plan" "$@" "${options[@]}" -- "${vmm[@]}"
}

# The plan as lines "KEY: VALUE", with what is logged as "says: LINE", and $D for the entry's folder.
plan_as_text() {
	local plan
	plan=$(plan 2>"$work/says")
	printf '%s' "$plan${plan:+$'\n'}" "$(sed -E 's/^[a-z-]+: (error: |warning: )?/says: /' "$work/says")" |
		sed "s|$D|\$D|g"
}
