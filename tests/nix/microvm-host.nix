# SPDX-License-Identifier: Apache-2.0
# ../../vsock-notify/nixos/microvm.nix beside microvm.nix's own host module, without patches, in nixpkgs' module system: whose
# units and packages are switched. NixOS itself is nothing but options that take anything; a guest is microvm.nix's options.
#   src, lib  microvm.nix, and nixpkgs' lib
{ src, lib, microvm ? { enable = true; } }:
let
  package = pname: { type = "derivation"; name = pname; inherit pname; version = "53.0"; outPath = "/packages/${pname}"; };
  pkgs = lib.genAttrs [ "bash" "cloud-hypervisor" "cloud-hypervisor-graphics" "coreutils" "crosvm" "firecracker" "qemu-utils" ] package // {
    inherit lib;
    _type = "pkgs";
    path = toString ./nixpkgs;
    microvmOptions = src + "/nixos-modules/microvm/options.nix";
    callPackage = _: _: package "vsock-notify";
    runtimeShell = "/bin/sh";
    stdenv.hostPlatform.system = "x86_64-linux";
    writeShellScript = _: text: text;
    runCommand = name: attrs: text: package name // attrs.passthru // { inherit text; };
  };
  host = lib.evalModules {
    specialArgs = { inherit pkgs; };
    modules = [
      (src + "/nixos-modules/host")
      ../../vsock-notify/nixos/microvm.nix
      {
        options.assertions = lib.mkOption { type = lib.types.listOf lib.types.unspecified; };
        freeformType = lib.types.lazyAttrsOf lib.types.anything;
        config = {
          virtualisation.libvirtd.enable = false;
          services.vsock-notify = { inherit microvm; };
          microvm.vms = {
            web.config.microvm = { hypervisor = "cloud-hypervisor"; vsock.cid = 3; preStart = "first"; };
            left.config.microvm = { hypervisor = "cloud-hypervisor"; vsock.cid = 4; };
            other.config.microvm = { hypervisor = "firecracker"; vsock.cid = 5; };
            mute.config.microvm.hypervisor = "cloud-hypervisor";
          };
        };
      }
    ];
  };
  guests = builtins.mapAttrs (_: vm: vm.config.config.microvm) host.config.microvm.vms;
in
{
  access = builtins.mapAttrs (name: _: (host.config.systemd.services."microvm@${name}".serviceConfig or { }).NotifyAccess or "as it was") guests;
  packages = builtins.mapAttrs (_: guest: guest.${guest.hypervisor}.package.name) guests;
  inherit (guests.web) preStart;
  wrong = map (a: a.message) (builtins.filter (a: !a.assertion) host.config.assertions);
}
