# SPDX-License-Identifier: Apache-2.0
# Options of "vsock-notify run" for a cloud-hypervisor package: from 54 on it answers no RST with an RST (upstream commit 538237492,
# after 53.0), so PID 1 need not be answered with a byte.
{ lib }:
vmm: lib.optional (builtins.compareVersions (vmm.version or "0") "54" >= 0) "--answer=eof"
