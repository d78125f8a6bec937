#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# forks.sh OPTION...: a launcher that exits while the VMM, which has the OPTIONs, goes on. $FORKS is how:
#   child     the VMM is a child of a shell that exits at once
#   session   the same, in a session of its own, as setsid(1) makes one
#   daemon    a grandchild, in a session of its own, whose standard output is a file: the launcher exits 200 ms later
#   twice     what the launcher leaves behind is another launcher, which exits 200 ms later
vmm=/stand-in/cloud-hypervisor

case ${FORKS:?} in
child) "$vmm" "$@" & ;;
session) setsid "$vmm" "$@" & ;;
daemon)
	(setsid "$vmm" "$@" &)
	exec sleep 0.2
	;;
twice)
	# shellcheck disable=SC2016 # for the inner shell
	setsid bash -c '"$@" & exec sleep 0.2' forks "$vmm" "$@" &
	;;
esac
exit 0
