#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A VMM for tests/cli/test-run.sh, which calls it cloud-hypervisor: does what $VMM says, in bash, with
# these words. Its guest's connections are made by $CLIENT, to $SOCKET.
arguments=("$@")

# value OPTION: of "--option value" or "--option=value".
value() {
	local i
	for i in "${!arguments[@]}"; do
		case ${arguments[i]} in
		"$1") echo "${arguments[i + 1]}" ;;
		"$1="*) echo "${arguments[i]#*=}" ;;
		esac
	done
}

# say TEXT: the guest's message, until the host has answered.
say() {
	"$CLIENT" "${SOCKET:-vsock_1234}" "$1"
}

# event SOURCE NAME: as the real one writes it.
event() {
	local fd
	fd=$(value --event-monitor)
	printf '{\n  "timestamp": {\n    "secs": 0,\n    "nanos": 1\n  },\n  "source": "%s",\n  "event": "%s",\n  "properties": null\n}\n\n' \
		"$1" "$2" >&"${fd#fd=}"
}

# descriptors: which are open, but for bash's own, and what they are.
descriptors() {
	local fd
	for fd in /proc/$$/fd/*; do
		# The folder itself, which was open for "*", is gone.
		[[ $fd == */255 || ! -L $fd ]] || echo "${fd##*/} $(readlink "$fd" | tr -d '0-9')"
	done
}

hang() {
	exec sleep infinity
}

eval "${VMM:-exit 0}"
