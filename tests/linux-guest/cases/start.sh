# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# systemctl start returns when the guest is ready.

vm one
judge start-returns-at-ready "$(
	up
	properties ActiveState=active SubState=running
	told_in_order READY=1
)"
figure "guest ready $(<"$work/took") s after systemctl start"
