# SPDX-License-Identifier: Apache-2.0
# The options of services.vsock-notify, but for those of one VM: vm-options.nix.
{ lib, pkgs, ... }:
let
  inherit (lib) literalExpression mkOption types;
in
{
  options.services.vsock-notify = {
    enable = mkOption {
      type = types.bool;
      default = false;
      example = true;
      description = "Whether to make a service of each VM in {option}`services.vsock-notify.vms`.";
    };

    package = mkOption {
      type = types.package;
      default = pkgs.callPackage ./package.nix { };
      defaultText = literalExpression "pkgs.callPackage ./package.nix { }";
      example = literalExpression "pkgs.vsock-notify";
      description = "The vsock-notify package to use.";
    };

    vms = mkOption {
      type = types.attrsOf (types.submodule (import ./vm-options.nix { inherit pkgs; }));
      default = { };
      example = literalExpression ''
        {
          web = {
            cloudHypervisor.extraArgs = [
              "--kernel" "/var/lib/vm/web/vmlinux"
              "--cmdline" "root=/dev/vda1 console=hvc0"
              "--disk" "path=/var/lib/vm/web/disk.raw"
              "--memory" "size=1G"
            ];
            readyUnit = "multi-user.target";
          };
        }
      '';
      description = ''
        The VMs, by name. Each is the service `vm-NAME.service`: `systemctl start` returns when its guest is ready, `systemctl
        stop` presses its power button, and its result is the guest's exit status.
      '';
    };
  };
}
