# SPDX-License-Identifier: Apache-2.0
# For a host with microvm.nix's host module: its microvm@ units run their VMM through vsock-notify, with microvm.nix as it is.
# Declarative MicroVMs ("config") get microvm-guest.nix; those from a flake, or evaluated elsewhere, import it themselves. The
# unit is switched for those whose runner is.
{ config, lib, pkgs, ... }:
let
  inherit (lib) literalExpression mkIf mkOption types;
  cfg = config.services.vsock-notify;

  guestOf = name: vm:
    if vm.flake != null then vm.flake.nixosConfigurations.${name}.config
    else if vm.evaluatedConfig != null then vm.evaluatedConfig.config
    else vm.config.config;
  uses = name: vm:
    let guest = (guestOf name vm).microvm;
    in guest.hypervisor == "cloud-hypervisor" && guest.cloud-hypervisor.package.usesVsockNotify or false
      && guest.declaredRunner.supportsNotifySocket;
in
{
  imports = [ ./options.nix ];

  options.services.vsock-notify.microvm = {
    enable = mkOption {
      type = types.bool;
      default = false;
      example = true;
      description = ''
        Whether microvm.nix's MicroVMs under cloud-hypervisor run through vsock-notify in place of socat. It needs microvm.nix's
        host module, and `microvm.vsock.cid` of each MicroVM. {option}`services.vsock-notify.enable` is not needed.

        What cannot be switched from outside: Firecracker (microvm.nix neither tells its guest where to report nor makes its unit
        `Type=notify`), MicroVMs from a flake (their configuration has to import `microvm-guest.nix`) or made with the
        `microvm` command (the same, and their unit keeps `NotifyAccess=all`), and the port, 8888, and socket, `notify.vsock`,
        which are microvm.nix's own. The patches in {option}`package`'s `passthru.patches.microvm-nix` do what this does
        within microvm.nix, and Firecracker.
      '';
    };

    extraOptions = mkOption {
      type = types.listOf types.str;
      default = [ "--extend-start=60" ];
      example = [ "--extend-start=60" "--ready-unit=multi-user.target" ];
      description = ''
        Options of `vsock-notify run` for all of these MicroVMs. Not `--port=`, nor `--notify-socket=`.
      '';
    };

    exclude = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "router" ];
      description = "Names of MicroVMs that are left as they are.";
    };
  };

  # microvm.nix declares it; each MicroVM is given one more module.
  options.microvm.vms = mkOption {
    type = types.attrsOf (types.submodule ({ name, ... }: {
      config = mkIf (cfg.microvm.enable && !builtins.elem name cfg.microvm.exclude) {
        extraModules = [ (import ./microvm-guest.nix { inherit (cfg) package; options = cfg.microvm.extraOptions; }) ];
      };
    }));
  };

  config = mkIf cfg.microvm.enable {
    assertions =
      let
        taken = builtins.filter (word: builtins.match "--(port|notify-socket|argv0|vmm)(=.*)?" word != null) cfg.microvm.extraOptions;
      in
      [ {
        assertion = taken == [ ];
        message = "services.vsock-notify.microvm.extraOptions: ${toString taken}: these are set by microvm.nix's runner: leave them out";
      } {
        assertion = builtins.all (name: config.microvm.vms ? ${name}) cfg.microvm.exclude;
        message = "services.vsock-notify.microvm.exclude: write names of microvm.vms: ${
          toString (builtins.filter (name: !(config.microvm.vms ? ${name})) cfg.microvm.exclude)} are none";
      } ];

    systemd.services = lib.mapAttrs'
      (name: vm: lib.nameValuePair "microvm@${name}" (mkIf (uses name vm) {
        serviceConfig = {
          # vsock-notify is the main process, nobody else has to speak
          NotifyAccess = "main";
          # a VMM that was ended by SIGTERM, because it was asked for
          SuccessExitStatus = "143 133";
        };
      }))
      config.microvm.vms;
  };
}
