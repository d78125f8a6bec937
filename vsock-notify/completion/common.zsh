#compdef vsock-notify
# SPDX-License-Identifier: Apache-2.0
# Completes vsock-notify's command line in zsh. Made from its tables of options.

# words; a word that ends in a colon is only the beginning of a value
_vsock_notify_words() {
	local word ret=1
	for word; do
		if [[ $word == *: ]]; then
			compadd -S '' -- $word && ret=0
		else
			compadd -- $word && ret=0
		fi
	done
	return ret
}

_vsock_notify_units() {
	local -a units=(${(f)"$(systemctl list-unit-files --no-legend --no-pager 2>/dev/null)"})
	compadd -- ${units%% *}
}

_vsock_notify_plugins() {
	local -a lines=(${(f)"$(_call_program plugins vsock-notify plugins 2>/dev/null)"})
	compadd -S '' -- ${${(M)lines:#[a-z]*}%% *}
}

_vsock-notify() {
	local command=$words[2]
	local -i dashes=${words[(i)--]}
	local -a own_commands program_options
	if (( CURRENT == 2 )); then
		_vsock_notify_first_words
		if [[ $PREFIX == -* ]]; then
			_describe -o option program_options
		else
			_describe command own_commands
		fi
		return
	fi
	shift words
	(( CURRENT--, dashes-- ))
	_vsock_notify_arguments
}
