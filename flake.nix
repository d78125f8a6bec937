# SPDX-License-Identifier: Apache-2.0
# vsock-notify as a flake; docs/nixos.md says how it is used. There is no flake.lock: who uses this flake pins nixpkgs, best by
# inputs.vsock-notify.inputs.nixpkgs.follows.
{
  description = "Bridge from a VM guest's systemd notifications to the host's service manager";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      perSystem = f: lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (system: f nixpkgs.legacyPackages.${system});
    in
    {
      packages = perSystem (pkgs: rec {
        vsock-notify = pkgs.callPackage ./vsock-notify/nixos/package.nix { };
        default = vsock-notify;
      });

      overlays.default = final: _: {
        vsock-notify = final.callPackage ./vsock-notify/nixos/package.nix { };
      };

      nixosModules = {
        default = ./vsock-notify/nixos/module.nix;
        microvm = ./vsock-notify/nixos/microvm.nix;
      };

      # { package, options ? [ ] }: a module for the configuration of a MicroVM that comes from a flake
      lib.microvmGuest = import ./vsock-notify/nixos/microvm-guest.nix;

      # by project and version, for a package's "patches"
      patches = import ./vsock-notify/nixos/patches.nix { inherit lib; };

      checks = perSystem (pkgs:
        let package = self.packages.${pkgs.stdenv.hostPlatform.system}.default;
        in {
          inherit package;
          # a NixOS VM; nested KVM is needed for all of it
          nixos = package.tests.nixos;
          # what tests/nix/check-nix.sh has, with nixpkgs' own lib
          module =
            let wrong = lib.filterAttrs (_: complaint: complaint != "") (import ./tests/nix/verdict.nix { inherit lib; });
            in pkgs.runCommand "vsock-notify-module" { } (if wrong == { } then "touch $out" else throw (builtins.toJSON wrong));
        });

      devShells = perSystem (pkgs: {
        default = pkgs.mkShell {
          inputsFrom = [ self.packages.${pkgs.stdenv.hostPlatform.system}.default ];
          packages = [ pkgs.clang-tools pkgs.cppcheck pkgs.mandoc pkgs.shellcheck pkgs.valgrind ];
        };
      });

      formatter = perSystem (pkgs: pkgs.nixfmt-rfc-style);
    };
}
