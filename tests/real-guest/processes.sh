# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For sourcing: waiting for what other processes do, and ending them.

# wait_for SECONDS COMMAND...: waits until COMMAND succeeds; fails where it has not within SECONDS.
wait_for() {
	local end=$((SECONDS + $1)) between=0.05
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep "$between"
	done
}

# end_processes PID...: ends those children that have not ended by themselves, and waits for them.
end_processes() {
	local pid
	for pid; do
		if kill -0 "$pid" 2>/dev/null; then
			kill "$pid"
		fi
	done
	wait
}
