# SPDX-License-Identifier: Apache-2.0
# What of the tree the package is built and tested from: nothing else rebuilds it. Paths from the top.
{
  include = [
    "Makefile"
    "docs/vm@.service.8"
    "docs/vsock-notify.1"
    "docs/vsock-notify.7"
    "docs/vsock-notify.state.5"
    "tests/captures"
    "tests/run-tests.sh"
    "tests/unit"
    "vsock-notify"
  ];
  exclude = [ "vsock-notify/nixos" ];
}
