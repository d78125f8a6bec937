# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# For test-chaos.sh to source: scenarios that need a shim of their own, as something is loaded into it, it is to
# end, or it is "run" that a VMM is killed under.
# shellcheck disable=SC2154,SC2034 # variables are set, and used, in the files that are sourced together

wanted() {
	[[ $1 =~ ${ONLY:-.} ]]
}

# --- no memory, at each n-th request for some

# Loading a library early is not what a confined process is made for; all but the filter is the same.
preload_options() {
	if "$shim" serve --help | grep -q -- --no-confine; then
		echo --no-confine
	fi
}

malloc_fails() {
	local every
	turn_switch 0
	start_under_attack malloc CHAOS_SWITCH="$work/switch" LD_PRELOAD="$bin/preload-malloc.so" "${preload[@]}" || return
	for every in 1 2 3 5 7; do
		scenario "malloc-$every" ordered malloc "states;values;half-close count=200"
	done
	stop_under_attack malloc-ends-in-order
}

ended_or_listens() {
	is_gone || grep -qs 'listening at' "$shim_log"
}

# A start without memory: it says so, or serves. It does not crash, and leaves nothing.
malloc_fails_at_start() {
	local every complaints=() status
	socket=$work/start.vsock_1234
	shim_log=$work/start.shim
	for every in 1 2 3 4 5 6 7 8 9 10 12 15 20 30; do
		turn_switch "$every"
		# What the last one wrote must not be taken for this one's.
		: >"$shim_log"
		CHAOS_SWITCH=$work/switch LD_PRELOAD=$bin/preload-malloc.so "$shim" serve --notify-socket="$work/notify" \
			"${preload[@]}" "$work/start.vsock" 2>"$shim_log" &
		shim_pid=$!
		pids+=("$shim_pid")
		wait_for ended_or_listens || complain "every $every: neither ends nor listens"
		kill "$shim_pid" 2>/dev/null
		wait_for is_gone || complain "every $every: does not end"
		wait "$shim_pid"
		status=$?
		forget "$shim_pid"
		((status <= 1)) || complain "every $every: status $status"
		((status == 0)) || grep -q . "$shim_log" || complain "every $every: not a word of it"
		[[ -z $(compgen -G "$socket*") ]] || complain "every $every: leaves $(compgen -G "$socket*")"
		rm -f "$socket"*
	done
	verdict malloc-at-start "$(printf '%s\n' "${complaints[@]}")"
}

# --- clocks that jump

clocks_jump() {
	turn_switch 0
	start_under_attack clock CHAOS_SWITCH="$work/switch" LD_PRELOAD="$bin/preload-clock.so" "${preload[@]}" || return
	scenario clock all clock "unended connections=20;slow connections=20 beat=BEAT;states"
	stop_under_attack clock-ends-in-order
}

# --- a plugin that fails

plugin_fails_at_start() {
	local -x CHAOS_FAIL=
	local serve=("$shim" serve --notify-socket="$work/notify")
	refuses plugin-config-fails 1 'plugin failing' "${serve[@]}" --plugin="$bin/failing.so,fail=config" "$work/plugin"
	refuses plugin-start-fails 1 'plugin failing cannot start' "${serve[@]}" --plugin=notify \
		--plugin="$bin/failing.so,fail=start" "$work/plugin"
	CHAOS_FAIL=open
	refuses plugin-open-fails 1 'plugin failing cannot be opened' "${serve[@]}" --plugin="$bin/failing.so" --plugin=notify \
		"$work/plugin"
	verdict plugin-fails-leaves-nothing "$(same "what is left behind" "" "$(compgen -G "$work/plugin*")")"
}

plugin_fails() {
	local order plugins
	for order in before after; do
		plugins=(--plugin=notify --plugin="$bin/failing.so,fail=message")
		[[ $order == after ]] || plugins=("${plugins[1]}" "${plugins[0]}")
		start_under_attack "plugin-$order" "${plugins[@]}" || return
		scenario "plugin-$order" all nothing "states;unended connections=20;closed-loop msec=300"
		stop_under_attack "plugin-$order-ends-in-order"
		verdict "plugin-$order-last-word" "$(
			told_since | grep -q "STATUS=stopped$" || echo "what it sent from stop was not delivered"
		)"
	done
}

# --- an end under attack

is_busy() {
	(($(ticks) > $1 + 5))
}

# ends_under NAME ATTACK...: SIGTERM while that goes on. What the attackers make of it is their affair.
ends_under() {
	local name=$1 start
	shift
	start_under_attack "$name" || return
	attacks=()
	start=$(ticks)
	start_attack "$@" 2>/dev/null
	wait_for is_busy "$start" || not_ok "$name-attack" "it is none"
	stop_under_attack "$name"
	end_attacks 2>/dev/null
}

# --- the VMM is killed

has_child() {
	vmm_pid=
	read -r vmm_pid <"/proc/$run_pid/task/$run_pid/children"
	[[ $vmm_pid ]]
}

# The guest is the VMM itself, as far as anyone can see, and the attackers are its children.
kill_vmm() {
	local i complaints=() socket=$work/vm_1234 said
	for ((i = 1; i <= kills; i++)); do
		mark=$((${#told[@]} - 1))
		mark_at=$(stat -c %s "${told[mark]}")
		follow run 1 "$shim" run --log-level=error --notify-socket="$work/notify" --vmm=other --vsock="$work/vm" -- \
			bash -c '"$1" states "$3" count=100 >/dev/null 2>&1 & "$1" closed-loop "$3" msec=60000 >/dev/null 2>&1 &
				exec "$2" "$3" "$4" log=1 pace=1000' - "$bin/attack" "$bin/good" "$socket" "vmm-$i"
		await run "^said $((20 * i))\$" || complain "kill $i: the guest is not served"
		has_child || complain "kill $i: no VMM"
		kill -KILL "$vmm_pid"
		end run
		((status == 137)) || complain "kill $i: run ends with $status, not 137"
		said=$(sed -n 's/^said //p' "$work/run.log" | tail -n 1)
		complain "$(told_since | awk -v label=" good-vmm-$i@" -v said="$said" -v kill="$i" '
			(at = index($0, label)) {
				number = substr($0, at + length(label)) + 0
				if (number != last + 1)
					print "kill " kill ": " number " after " last
				last = number
			}
			END {
				if (last < said || last > said + 1)
					print "kill " kill ": the last of " said " that were answered is " last
			}')"
		[[ -z $(compgen -G "$work/vm*") ]] || complain "kill $i: leaves $(compgen -G "$work/vm*")"
	done
	verdict vmm-killed "$(printf '%s\n' "${complaints[@]}" | sed '/^$/d')"
}

run_own_shims() {
	read -ra preload < <(preload_options)
	kills=$((long ? 20 : 3))
	if [[ -n $(ldd "$shim" | grep -F libasan) ]]; then
		echo "skip preloaded: a sanitizer has its own allocator (optional)"
	else
		! wanted malloc || malloc_fails
		! wanted malloc-at-start || malloc_fails_at_start
		! wanted clock || clocks_jump
	fi
	! wanted plugin || plugin_fails_at_start
	! wanted plugin || plugin_fails
	! wanted ends || ends_under ends-under-idle idle processes=5 connections=1000 again=1
	! wanted ends || ends_under ends-under-closed-loop closed-loop processes=4 msec=60000
	! wanted ends || ends_under ends-under-open-loop open-loop processes=4 rate=25000 msec=60000
	! wanted ends || ends_under ends-under-half-close half-close processes=4 count=1000000
	! wanted vmm || kill_vmm
}
