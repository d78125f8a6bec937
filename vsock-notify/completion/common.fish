# SPDX-License-Identifier: Apache-2.0
# Completes vsock-notify's command line in fish. Made from its tables of options.

# the command that was written, and no "--" after it
function __vsock_notify_in
	set -l words (commandline -opc)
	set -q words[2]; and test $words[2] = $argv[1]; and not contains -- -- $words
end

function __vsock_notify_after
	set -l words (commandline -opc)
	set -q words[2]; and test $words[2] = $argv[1]; and contains -- -- $words
end

function __vsock_notify_first
	test (count (commandline -opc)) = 1
end

# what follows "--", as it completes by itself
function __vsock_notify_command_line
	set -l words (commandline -opc)
	set -l from (math (contains -i -- -- $words) + 1)
	set -l line
	if test $from -le (count $words)
		set line (string escape -- $words[$from..-1])
	end
	complete -C (string join ' ' -- $line (commandline -ct))
end

function __vsock_notify_units
	systemctl list-unit-files --no-legend --no-pager 2>/dev/null | string replace -r ' .*' ''
end

function __vsock_notify_plugins
	vsock-notify plugins 2>/dev/null | string match -r '^[a-z0-9-]+'
end

complete -c vsock-notify -f
