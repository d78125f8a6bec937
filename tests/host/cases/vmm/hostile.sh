# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# A guest's program that would be more to the service manager than it may.

vm hostile 'boot say=MAINPID=1 say=NOTIFYACCESS=all say=FDSTORE=1 say=WATCHDOG=trigger say=ERRNO=5 say=STATUS=mixed\nMAINPID=1\nNOTIFYACCESS=all say=STATUS=done hang'
judge hostile-fields-do-not-pass "$(
	job start || echo "systemctl start failed"
	main=$(show MainPID)
	await_property StatusText '^done$'
	properties ActiveState=active MainPID="$main" NotifyAccess=main NFileDescriptorStore=0
	told_in_order STATUS=mixed STATUS=done
	never_told '(MAINPID|NOTIFYACCESS|FDSTORE|WATCHDOG|ERRNO)='
)"
