# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# "vsock-notify wait" and "status" of a VM that the service manager starts: from before its runtime directory is there to its
# end, by its path and by its name, with units of their own and the shipped ones, whose user is a dynamic one.

# answers WHAT STATUS OUTPUT COMMAND...: complains unless COMMAND ends with that status and prints that.
answers() {
	local what=$1 expected=$2 output=$3 got
	shift 3
	got=$(timeout "$patience" "$@" 2>"$work/answers.err")
	same "exit status of $what" "$expected" "$?"
	same "output of $what" "$output" "$got"
}

# begin_wait NAME ARGUMENT...: in the background; its output is in $work/NAME.wait, its exit status the last line of it.
begin_wait() {
	{
		timeout "$patience" vsock-notify wait "${@:2}"
		echo "status $?"
	} >"$work/$1.wait" 2>&1 &
	printf -v "waiting_$1" %s $!
}

# end_wait NAME EXPECTED
end_wait() {
	local pid=waiting_$1
	wait "${!pid}"
	same "what the waiter for $1 says" "$2" "$(paste -sd' ' "$work/$1.wait")"
}

vm status-wait 'boot wait=500000 say=X_APP=up wait=500000 down=exit:42'
begin_wait ready "$run/vsock"
begin_wait exit --for=exit "$run/vsock"
begin_wait unit --for=unit:multi-user.target "$run/vsock"
job start
started=$?
end_wait ready 'status 0' >"$work/complaints"
end_wait unit 'status 0' >>"$work/complaints"
table=$(vsock-notify status 2>&1)
end_wait exit '42 status 0' >>"$work/complaints"
judge wait-for-a-unit "$(
	((started == 0)) || echo "systemctl start failed"
	cat "$work/complaints"
	grep -Eq "^[^ ]+ +(ready|stopping|stopped) .*" <<<"$table" || echo "the table of all is: $table"
	await_property ActiveState '^failed$'
	properties ExecMainStatus=42
)"

vm status-killed 'boot say=STATUS=serving hang'
judge wait-ends-when-the-vmm-is-killed "$(
	job start || echo "systemctl start failed"
	await_property StatusText '^serving$'
	answers status 0 true bash -c 'vsock-notify status --json "$1" | grep -q "\"state\":[[:space:]]*\"ready\"" && echo true' - "$run/vsock"
	begin_wait exit --for=exit "$run/vsock"
	begin_wait unit --for=unit:none.target "$run/vsock"
	end_process "$(vmm_pid)" KILL
	end_wait exit '137 status 0'
	wait "$waiting_unit"
	grep -qx 'status 3' "$work/unit.wait" || echo "the waiter for a unit says: $(<"$work/unit.wait")"
)"
