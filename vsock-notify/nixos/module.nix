# SPDX-License-Identifier: Apache-2.0
# services.vsock-notify: VMs as services that are active when their guest is ready. Each of .vms makes vm-NAME.service, whose
# main process is "vsock-notify run". options.nix says what can be set, unit.nix what it makes, assertions.nix what cannot work.
{ config, lib, pkgs, ... }:
let
  cfg = config.services.vsock-notify;
  unit = import ./unit.nix { inherit lib; inherit (cfg) package; };
in
{
  imports = [ ./options.nix ];

  config = lib.mkIf cfg.enable {
    assertions = import ./assertions.nix { inherit lib; inherit (cfg) vms; };

    # the manual page, and "vsock-notify plugins"
    environment.systemPackages = [ cfg.package ];

    systemd.services = lib.mapAttrs' (name: vm: lib.nameValuePair "vm-${name}" (unit name vm)) cfg.vms;
  };
}
