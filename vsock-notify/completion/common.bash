# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Completes vsock-notify's command line in bash. Made from its tables of options.
# It works by itself; only with the package bash-completion, a command line after "--" completes as it would by itself.
# bash splits words at $COMP_WORDBREAKS: --framing=settle:5 is five words here.

# _vsock_notify_complete KIND WORDS CURRENT
_vsock_notify_complete() {
	case $1 in
	words) mapfile -t COMPREPLY < <(compgen -W "$2" -- "$3") ;;
	file)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$3")
		;;
	user) mapfile -t COMPREPLY < <(compgen -u -- "$3") ;;
	group) mapfile -t COMPREPLY < <(compgen -g -- "$3") ;;
	unit)
		_vsock_notify_complete words \
			"$(systemctl list-unit-files --no-legend --no-pager 2>/dev/null |
				sed 's/ .*//')" "$3"
		;;
	plugin)
		_vsock_notify_complete words \
			"$("${COMP_WORDS[0]}" plugins 2>/dev/null | sed -n 's/^\([a-z0-9-]*\) .*/\1/p')" "$3"
		;;
	esac
	# no space after a word that is only the beginning of a value
	[[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *[:=] ]] || compopt -o nospace 2>/dev/null
}

# _vsock_notify_command FIRST: a command line of its own, from that word on
_vsock_notify_command() {
	if declare -F _comp_command_offset >/dev/null; then
		_comp_command_offset "$1"
	elif declare -F _command_offset >/dev/null; then
		_command_offset "$1"
	elif ((COMP_CWORD == $1)); then
		mapfile -t COMPREPLY < <(compgen -c -- "${COMP_WORDS[COMP_CWORD]}")
	else
		_vsock_notify_complete file '' "${COMP_WORDS[COMP_CWORD]}"
	fi
}

_vsock_notify() {
	local command=${COMP_WORDS[1]} current=${COMP_WORDS[COMP_CWORD]}
	local before=${COMP_WORDS[COMP_CWORD - 1]} option='' kind='' words='' i
	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		_vsock_notify_options ''
		_vsock_notify_complete words "$words" "$current"
		return
	fi
	for ((i = 2; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -- ]] || continue
		_vsock_notify_value "$command "
		case $kind in
		command) _vsock_notify_command "$((i + 1))" ;;
		*) _vsock_notify_complete "$kind" '' "$current" ;;
		esac
		return
	done
	# --option=value, which bash has split at the "=", unless it was told not to
	if [[ $current == = ]]; then
		option=$before current=
	elif [[ $before == = ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $before == : || $current == : ]]; then
		return
	elif [[ $before == --* && $before != *=* ]]; then
		option=$before
	fi
	if [[ $current == --*=* ]]; then
		option=${current%%=*}
		_vsock_notify_value "$command $option"
		_vsock_notify_complete "$kind" "$words" "${current#*=}"
		COMPREPLY=("${COMPREPLY[@]/#/$option=}")
		return
	fi
	[[ -z $option ]] || _vsock_notify_value "$command $option"
	if [[ -n $kind ]]; then
		_vsock_notify_complete "$kind" "$words" "$current"
		return
	fi
	_vsock_notify_value "$command "
	if [[ $current == -* || $kind == command || -z $kind ]]; then
		_vsock_notify_options "$command"
		[[ $kind != command ]] || words+=' --'
		kind=words
	fi
	_vsock_notify_complete "$kind" "$words" "$current"
} &&
	complete -F _vsock_notify vsock-notify
