# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# As "boots", with a guest that reloads its manager and starts and stops 30 targets at once, twelve times, while it boots: 720
# announcements beside those of the boot (image/guest/usr/local/lib/busy.sh).

boot_options=systemd.wants=busy.service
# shellcheck source=/dev/null
. "$here/cases/boots.sh"
boot_options=
