# SPDX-License-Identifier: Apache-2.0
# microvm.nix's runner for a MicroVM whose configuration has microvm-guest.nix: the scripts of a microvm.nix without patches, with
# ../patches/microvm.nix for the rest.
#   src    microvm.nix
#   paths  where vsock-notify and cloud-hypervisor are, and where the package around the latter would be: { wrapped = ...; ... }
{ src, lib, paths, options ? [ ], settings ? { } }:
let
  vmm = { type = "derivation"; name = "cloud-hypervisor"; version = "53.0"; outPath = paths.cloud-hypervisor; };
  module = import ../../vsock-notify/nixos/microvm-guest.nix { package = paths.vsock-notify; inherit options; };
  guest = module {
    inherit lib;
    pkgs = { };
    config.microvm = {
      hypervisor = "cloud-hypervisor";
      prettyProcnames = true;
      hostName = "vm";
      vsock.cid = 3;
      vmHostPackages = {
        writeShellScript = _: text: "@@wrapper\n${text}@@";
        runCommand = _: attrs: text: attrs.passthru // { inherit (attrs) version; inherit text; outPath = paths.wrapped; };
      };
    } // settings;
  };
  content = value: if builtins.isAttrs value then content value.content else value;
  wrapped = guest.options.microvm.cloud-hypervisor.package.apply vmm;
in
{
  inherit wrapped;
  runner = (import ../patches/microvm.nix {
    inherit src paths;
    settings = {
      hypervisor = "cloud-hypervisor";
      vsock.cid = 3;
      preStart = content guest.config.microvm.preStart;
      cloud-hypervisor.package = wrapped;
    };
  }).runner;
}
