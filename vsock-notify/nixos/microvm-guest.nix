# SPDX-License-Identifier: Apache-2.0
# For a MicroVM's own configuration (microvm.nix without patches, under cloud-hypervisor): its runner starts the VMM through
# "vsock-notify run", and no socat.
#   package  vsock-notify
#   options  of "vsock-notify run": a list of words
# microvm-run ends in "exec -a microvm@NAME PACKAGE/bin/cloud-hypervisor ...". So PACKAGE is one whose cloud-hypervisor is
# vsock-notify with the real one behind it. It starts socat before that if there is a $NOTIFY_SOCKET. So there is none: the
# first lines of preStart put it by, under another name.
{ package, options ? [ ] }:
{ config, lib, pkgs, ... }:
let
  cfg = config.microvm;
  answer = import ./answer.nix { inherit lib; };
  # Not a guest without vsock, nor a microvm.nix that does it by itself, with the patches.
  applies = cfg.hypervisor == "cloud-hypervisor"
    && (cfg.vsock.cid != null || builtins.elem "--vsock" cfg.cloud-hypervisor.extraArgs)
    && !(cfg.vsock-notify.enable or false);

  wrap = vmm:
    if !applies then vmm
    else
      let
        script = cfg.vmHostPackages.writeShellScript "cloud-hypervisor" ''
          # empty where there is no service manager: then notifications are logged only
          socket=''${VSOCK_NOTIFY_SOCKET:-}
          unset VSOCK_NOTIFY_SOCKET
          exec ${package}/bin/vsock-notify run --notify-socket="$socket" \
            --argv0=${lib.escapeShellArg (if cfg.prettyProcnames then "microvm@${cfg.hostName}" else "cloud-hypervisor")} \
            --vmm=cloud-hypervisor ${lib.escapeShellArgs (answer vmm ++ options)} -- ${vmm}/bin/cloud-hypervisor "$@"
        '';
      in
      # ch-remote is the real one's; the version decides how microvm.nix writes the command line
      cfg.vmHostPackages.runCommand "cloud-hypervisor-vsock-notify-${vmm.version}"
        {
          inherit (vmm) version;
          passthru.usesVsockNotify = true;
        } ''
        mkdir -p $out/bin
        ln -s ${vmm}/bin/* $out/bin/
        ln -sf ${script} $out/bin/cloud-hypervisor
      '';
in
{
  options.microvm.cloud-hypervisor.package = lib.mkOption { apply = wrap; };

  config.microvm.preStart = lib.mkIf applies (lib.mkBefore ''
    export VSOCK_NOTIFY_SOCKET="''${NOTIFY_SOCKET:-}"
    unset NOTIFY_SOCKET
  '');
}
