#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# report.sh: waits for the end of the boot, and of busy.sh where that runs, and says so on the console.
systemctl is-system-running -q --wait
until ! systemctl is-active -q busy.service || [ -e /run/busy-is-over ]; do
	sleep 1
done
echo "booted: multi-user.target is $(systemctl is-active multi-user.target)" >/dev/ttyS0
