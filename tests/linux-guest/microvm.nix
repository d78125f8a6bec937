# SPDX-License-Identifier: Apache-2.0
# What microvm.nix writes for a MicroVM "vm" under cloud-hypervisor: the texts of its runner's scripts and its units' settings, as
# make-microvm.sh makes files of them.
#   src  microvm.nix
{ src }:
let
  settings = { hypervisor = "cloud-hypervisor"; vsock.cid = 3; };
  # what a package's paths begin with on the host
  paths = { bash = "/usr"; curl = "/usr"; socat = "/usr"; util-linux = "/usr"; vsock-notify = "/usr"; };
  microvm = import ../patches/microvm.nix;
  switched = import ../nix/microvm-runner.nix {
    inherit src;
    lib = import ../nix/lib.nix;
    paths = paths // { cloud-hypervisor = "/packages/cloud-hypervisor"; wrapped = "/packages/wrapped"; };
  };
in
{
  inherit (switched) runner;
  wrapped = switched.wrapped.text;
  socat = (microvm { inherit src settings; paths = paths // { cloud-hypervisor = "/packages/cloud-hypervisor"; }; }).runner;
  inherit (microvm { inherit src settings paths; }) units;
}
