# SPDX-License-Identifier: Apache-2.0
# The options of one VM, services.vsock-notify.vms.NAME. What they do is in vsock-notify(1), under the options of "run".
{ pkgs }:
{ lib, ... }:
let
  inherit (lib) literalExpression mkOption types;
in
{
  options = {
    command = mkOption {
      type = types.nullOr (types.listOf types.str);
      default = null;
      example = literalExpression ''
        [ "''${pkgs.firecracker}/bin/firecracker" "--api-sock" "/run/vm-web/api" "--config-file" "/var/lib/vm/web/config.json" ]
      '';
      description = ''
        The VMM's command line, one word an element, executed as it is: without a shell, without systemd's specifiers (`%`) and
        variables (`$`). Either this or {option}`cloudHypervisor`. What is missing on the command line of a cloud-hypervisor is
        added, see {manpage}`vsock-notify(1)`. For `systemctl stop` to press the power button, write
        `"--api-socket" "path=/run/vm-NAME/api"`.
      '';
    };

    cloudHypervisor = mkOption {
      type = types.nullOr (types.submodule {
        options = {
          package = mkOption {
            type = types.package;
            default = pkgs.cloud-hypervisor;
            defaultText = literalExpression "pkgs.cloud-hypervisor";
            example = literalExpression ''
              pkgs.cloud-hypervisor.overrideAttrs (old: {
                patches = (old.patches or [ ]) ++ config.services.vsock-notify.package.patches.least.cloud-hypervisor."53.0";
              })
            '';
            description = "The cloud-hypervisor package to use.";
          };
          extraArgs = mkOption {
            type = types.listOf types.str;
            default = [ ];
            example = [ "--kernel" "/var/lib/vm/web/vmlinux" "--disk" "path=/var/lib/vm/web/disk.raw" ];
            description = ''
              Its arguments, as in {option}`command`. `--api-socket path=/run/vm-NAME/api` comes before them unless they have one.
            '';
          };
        };
      });
      default = null;
      example = literalExpression ''{ extraArgs = [ "--kernel" "/var/lib/vm/web/vmlinux" ]; }'';
      description = "A VM under cloud-hypervisor. Either this or {option}`command`.";
    };

    vsock = {
      socket = mkOption {
        type = types.nullOr types.str;
        default = null;
        example = "/run/vm-web/notify.vsock";
        description = ''
          The VMM's vsock socket. With {option}`cloudHypervisor` it is given this, and null means `/run/vm-NAME/vsock`. With
          {option}`command` it is only said where the command line does not tell, and null means that it does. The folder has to be one that the service may
          write to: below `/run/vm-NAME` or `/var/lib/vm/NAME`, unless {option}`serviceConfig` has more.
        '';
      };
      cid = mkOption {
        type = types.nullOr types.ints.unsigned;
        default = null;
        example = 3;
        description = ''
          The guest's vsock CID, from 3, with {option}`cloudHypervisor`. Null means 3 for each VM: with hybrid vsock a CID is
          known to its own VMM only. Those that are set have to differ all the same, as whoever sets them tells VMs apart by them.
        '';
      };
    };

    port = mkOption {
      type = types.port;
      default = 1234;
      example = 8888;
      description = "The vsock port of the host that the guest reports to. cloud-hypervisor's guests are told it.";
    };

    readyUnit = mkOption {
      type = types.nullOr types.str;
      default = null;
      example = "multi-user.target";
      description = ''
        The guest is ready when its systemd (256 or later) announces that this unit is active: it announces targets, no services.
        Null means when it says that it is ready.
      '';
    };

    inferReady = mkOption {
      type = types.bool;
      default = true;
      example = false;
      description = ''
        Whether a guest whose READY=1 the VMM has lost is ready when its default target is active.
      '';
    };

    extendStart = mkOption {
      type = types.ints.between 0 600;
      default = 0;
      example = 60;
      description = ''
        Before the guest is ready, each message of it extends the start timeout (5 minutes) to that many seconds from then.
        With 0 it does not.
      '';
    };

    policy = {
      allow = mkOption {
        type = types.listOf types.str;
        default = [ ];
        example = [ "RELOADING" "X_MYAPP_*" ];
        description = "Fields of the guest that pass beside those that always do, see {manpage}`vsock-notify(1)`.";
      };
      watchdog = mkOption {
        type = types.bool;
        default = false;
        example = true;
        description = ''
          Whether the guest's `WATCHDOG=1` passes. With `serviceConfig.WatchdogSec`, a guest that hangs then fails its service.
        '';
      };
      statusPrefix = mkOption {
        type = types.nullOr types.str;
        default = null;
        example = "guest: ";
        description = "What each status text of the guest begins with.";
      };
    };

    exitStatus = mkOption {
      type = types.enum [ "guest" "vmm" ];
      default = "guest";
      example = "vmm";
      description = "Whose exit status is the service's: the guest's, where it said, or always the VMM's.";
    };

    exitStatusUnknown = mkOption {
      type = types.ints.between 0 255;
      default = 0;
      example = 1;
      description = "The service's exit status if the guest shut down and the VMM has lost its exit status.";
    };

    onEmergency = mkOption {
      type = types.enum [ "wait" "fail" ];
      default = "wait";
      example = "fail";
      description = ''
        What to do about a guest that boots into emergency or rescue mode, which is not ready: wait for it, until the start
        timeout, or fail at once.
      '';
    };

    extraOptions = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "--reboot=reloading" "--log-level=debug" ];
      description = ''
        More options of `vsock-notify run`, each with its value in one word (`--log-level=debug`). They may not be those that have
        an option here.
      '';
    };

    autoStart = mkOption {
      type = types.bool;
      default = true;
      example = false;
      description = "Whether the VM starts with the host.";
    };

    serviceConfig = mkOption {
      # as systemd.services.NAME.serviceConfig merges: types.unspecified would join two texts
      type = types.attrsOf (lib.mkOptionType {
        name = "systemd setting";
        description = "setting of systemd's";
        merge = loc: defs:
          if builtins.all (def: builtins.isList def.value) defs then builtins.concatMap (def: def.value) defs
          else lib.mergeEqualOption loc defs;
      });
      default = { };
      example = literalExpression ''{ MemoryMax = "2G"; DeviceAllow = [ "/dev/vfio/* rw" ]; }'';
      description = ''
        Settings for the unit's [Service] section. What is a list in unit.nix is added to, anything else replaced. To
        replace a list too, or to set what is not in [Service], use {option}`systemd.services.vm-NAME` with `lib.mkForce`.
      '';
    };
  };
}
