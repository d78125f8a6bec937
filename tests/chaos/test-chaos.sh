#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Bad guests beside a good one, against one shim: whatever they do, the good guest's messages arrive, once, in
# order; no descriptor is lost, memory stays small, the shim lives and ends in order.
#	tests/chaos/test-chaos.sh
# CHAOS=long: the whole of it ("make chaos"), with assertions on time and idle CPU; else the short version, with
# none. ONLY: a regex of scenarios. BUILD names another build folder, CC another compiler.

# shellcheck disable=SC1091,SC2154,SC2034 # variables are set, and used, in the files that are sourced together
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
source "$top/tests/chaos/measure.sh"
source "$top/tests/chaos/meanwhile.sh"
source "$top/tests/chaos/own-shims.sh"

# name | what is asserted | meanwhile | attacks, short | attacks, long ("=": the same)
#   all      every message of the good guest's arrives
#   most     but for one in a hundred (short: in twenty) whose sending failed, as where a storm of connections made the shim give
#            up the good guest's before it had sent a byte
#   ordered  some may be missing, as where there is no memory to take one
#   thinks   (of the good guest) it takes 5 ms from connect to send, as on a busy host
#   timed    none is held longer than 50 ms at p99 (long version only); not where the host is away
scenarios=(
	"alone|all timed|nothing||="
	# --- connections
	"idle|all timed|nothing|idle processes=5 connections=1000|="
	"idle-again|most timed|nothing|idle processes=5 connections=100 again=1 beat=BEAT|idle processes=5 connections=1000 again=1 beat=BEAT"
	"slow|all timed|nothing|slow processes=2 connections=30 beat=BEAT again=1|slow processes=2 connections=500 again=1"
	"crowd|most timed thinks|nothing|slow connections=64 beat=BEAT;churn connections=4 rate=1000|="
	"unended|all timed|nothing|unended processes=2 connections=50|unended processes=5 connections=1000"
	"half-close|all timed|nothing|half-close processes=4 count=500|half-close processes=4 count=20000"
	"states|all timed|nothing|states|states count=20"
	# --- bytes
	"rubbish|all timed|nothing|rubbish processes=2 connections=32 bytes=16777216|rubbish processes=4 connections=250 bytes=268435456"
	"values|all timed|nothing|values|values processes=4"
	"lengths|all timed|nothing|lengths|lengths processes=4"
	# --- as many as can be
	"open-loop|all timed|nothing|open-loop processes=4 rate=25000 msec=1000|open-loop processes=4 rate=25000 msec=10000"
	"open-loop-spin|all|nothing|open-loop processes=4 rate=25000 msec=1000 spin=1|open-loop processes=4 rate=25000 msec=10000 spin=1"
	"closed-loop|all timed|nothing|closed-loop processes=4 msec=1000|closed-loop processes=16 msec=10000"
	"everything|most timed|nothing|idle processes=5 connections=200;closed-loop msec=500;states;slow connections=50 beat=BEAT again=1|idle processes=5 connections=1000 again=1;closed-loop processes=4 msec=5000;states count=5;slow connections=500 again=1;rubbish connections=64 bytes=67108864"
	# --- the host
	"full|all|full|states|="
	"gone|all|gone|states|="
	"refusing|all|refusing|states|="
	"replaced|all|replaced|states|="
	"full-filled|ordered|full|hoard connections=60;fill count=500|="
	"gone-filled|ordered|gone|hoard connections=60;fill count=500|="
	# --- the shim
	"stopped|all|stopped|idle processes=5 connections=80|="
	"stops|all|stops|idle connections=50;states|="
	"nofile|all|nofile|idle connections=100|idle processes=5 connections=1000"
	"nofile-states|all|nofile_some|states|states count=5"
	"memory|ordered|as|hoard connections=60;values;lengths|="
)

long=
[[ ${CHAOS:-} != long ]] || long=1
more=$((long ? 1000 : 100))
stops=$((long ? 50 : 10))
unconfined=()
told=()

require_built vsock-notify vsock-notify-run plugins/notify.so tests/notify-sink
build_client && build_chaos || exit 1
unset NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES JOURNAL_STREAM VSOCK_NOTIFY_PLUGIN_PATH
export LC_ALL=C

run_table() {
	local row name checks meanwhile short whole
	for row in "${scenarios[@]}"; do
		IFS='|' read -r name checks meanwhile short whole <<<"$row"
		[[ $name =~ ${ONLY:-.} ]] || continue
		[[ ! $long || $whole == "=" ]] || short=$whole
		scenario "$name" "$checks" "$meanwhile" "$short"
	done
}

start_host "$work/notify"
start_under_attack table || exit 1
if ((base_fds <= 1)); then
	# Confined, it may be looked into by root only.
	if "$shim" serve --help | grep -q -- --no-confine; then
		stop_under_attack table-cannot-be-seen
		unconfined=(--no-confine)
		start_under_attack table || exit 1
	fi
fi
run_table
stop_under_attack ends-in-order
run_own_shims
summary
