# SPDX-License-Identifier: Apache-2.0
# In the place of NixOS's own. For microvm-host.nix, which hands it pkgs: a guest has microvm.nix's options, and takes anything else.
# For verdict.nix, which tries nixos/test.nix: what that takes of a guest.
{ modules, pkgs ? null, extraModules ? [ ], ... }:
let inherit (pkgs) lib;
in if pkgs == null then {
  config.system.build = {
    kernel = { dev = "/packages/kernel-dev"; outPath = "/packages/kernel"; };
    netbootRamdisk = "/packages/ramdisk";
    toplevel = "/packages/toplevel";
  };
} else lib.evalModules {
  specialArgs = { inherit pkgs; };
  # all but the first, a folder: microvm.nix's own modules, which need NixOS
  modules = builtins.filter (module: !builtins.isPath module) modules ++ extraModules ++ [
    pkgs.microvmOptions
    ({ config, ... }: {
      freeformType = lib.types.lazyAttrsOf lib.types.anything;
      config.microvm.declaredRunner = lib.mkForce {
        type = "derivation";
        outPath = "/packages/runner";
        supportsNotifySocket = config.microvm.hypervisor == "cloud-hypervisor" && config.microvm.vsock.cid != null;
        registerWithMachined = false;
      };
      config.system.build.toplevel = "/packages/toplevel";
    })
  ];
}
