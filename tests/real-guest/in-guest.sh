#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# in-guest.sh: runs in the guest as soon as it is up. What it prints is the report on the host.
# NOTIFY_SOCKET stays set for systemctl: it then tells an exit status of its own, which is not the guest's.
export NOTIFY_SOCKET=vsock-stream:2:1234

failed=0
for i in {1..60}; do
	if ! systemd-notify --status="n$i"; then
		echo "n$i failed"
		failed=$((failed + 1))
	fi
done
echo "failed: $failed"

env --unset=NOTIFY_SOCKET systemctl is-system-running --wait
systemctl exit 42
