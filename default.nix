# SPDX-License-Identifier: Apache-2.0
# For those without flakes: nix-build -A vsock-notify, or in a configuration
#   imports = [ (import /path/to/vsock-notify { }).nixosModules.default ];
{ pkgs ? import <nixpkgs> { } }:
{
  vsock-notify = pkgs.callPackage ./vsock-notify/nixos/package.nix { };
  overlay = final: _: {
    vsock-notify = final.callPackage ./vsock-notify/nixos/package.nix { };
  };
  nixosModules = {
    default = ./vsock-notify/nixos/module.nix;
    microvm = ./vsock-notify/nixos/microvm.nix;
  };
  microvmGuest = import ./vsock-notify/nixos/microvm-guest.nix;
  patches = import ./vsock-notify/nixos/patches.nix { inherit (pkgs) lib; };
}
