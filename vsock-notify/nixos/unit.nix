# SPDX-License-Identifier: Apache-2.0
# One VM's service, as an element of systemd.services. Its settings are those of ../systemd/vm@.service, which says why each is
# there; tests/nix keeps the two in step.
{ lib, package }:
name: vm:
let
  inherit (lib) mapAttrs mkDefault mkMerge optional optionalString optionals;
  execLine = import ./quote.nix { inherit lib; };
  answer = import ./answer.nix { inherit lib; };

  runtimeDirectory = "/run/vm-${name}";
  has = option: lib.any (word: word == option || lib.hasPrefix "${option}=" word);

  # A device of our own only where something about it was said: else "vsock-notify run" adds it.
  vsock = "cid=${toString (if vm.vsock.cid == null then 3 else vm.vsock.cid)},socket=${
    if vm.vsock.socket == null then "${runtimeDirectory}/vsock" else vm.vsock.socket}";
  cloudHypervisor = { package, extraArgs }:
    [ "${package}/bin/cloud-hypervisor" ]
    ++ optionals (!has "--api-socket" extraArgs) [ "--api-socket" "path=${runtimeDirectory}/api" ]
    ++ optionals (vm.vsock.cid != null || vm.vsock.socket != null) [ "--vsock" vsock ]
    ++ extraArgs;

  # The text comes last: a comma in it begins no other key then, unless a "=" follows, which assertions.nix refuses.
  plugin = "--plugin=notify"
    + optionalString (vm.policy.allow != [ ]) ",allow=${lib.concatStringsSep "," vm.policy.allow}"
    + optionalString vm.policy.watchdog ",watchdog=on"
    + optionalString (vm.policy.statusPrefix != null) ",status-prefix=${vm.policy.statusPrefix}";

  options =
    [ "--name=${name}" ]
    ++ optional (vm.port != 1234) "--port=${toString vm.port}"
    ++ optional (vm.command != null && vm.vsock.socket != null) "--vsock=${vm.vsock.socket}"
    ++ optional (vm.readyUnit != null) "--ready-unit=${vm.readyUnit}"
    ++ optional (!vm.inferReady) "--infer-ready=no"
    ++ optional (vm.extendStart != 0) "--extend-start=${toString vm.extendStart}"
    ++ optional (vm.exitStatus != "guest") "--exit-status=${vm.exitStatus}"
    ++ optional (vm.exitStatusUnknown != 0) "--exit-status-unknown=${toString vm.exitStatusUnknown}"
    ++ optional (vm.onEmergency != "wait") "--on-emergency=${vm.onEmergency}"
    ++ optionals (vm.command == null) (answer vm.cloudHypervisor.package)
    ++ optional (plugin != "--plugin=notify") plugin
    ++ vm.extraOptions;

  command = if vm.command != null then vm.command else cloudHypervisor { inherit (vm.cloudHypervisor) package extraArgs; };

  scalars = {
    Type = "notify";
    NotifyAccess = "main";
    ExecStart = execLine ([ "${package}/bin/vsock-notify" "run" ] ++ options ++ [ "--" ] ++ command);
    RuntimeDirectory = "vm-${name}";
    RuntimeDirectoryMode = "0700";
    StateDirectory = "vm/${name}";
    StateDirectoryMode = "0700";
    Slice = "machine.slice";

    TimeoutStartSec = "5min";
    TimeoutStopSec = "90s";
    KillMode = "mixed";
    SuccessExitStatus = "143 133";
    RestartForceExitStatus = "133";
    Restart = "on-failure";

    DynamicUser = "yes";
    PrivateUsers = "yes";
    CapabilityBoundingSet = "";
    AmbientCapabilities = "";
    NoNewPrivileges = "yes";
    RestrictSUIDSGID = "yes";
    UMask = "0077";
    KeyringMode = "private";

    DevicePolicy = "closed";
    RestrictAddressFamilies = "AF_UNIX AF_INET";
    IPAddressDeny = "any";

    ProtectSystem = "strict";
    ProtectHome = "yes";
    PrivateTmp = "yes";
    PrivateIPC = "yes";
    RemoveIPC = "yes";
    ProtectProc = "invisible";

    ProtectKernelTunables = "yes";
    ProtectKernelModules = "yes";
    ProtectKernelLogs = "yes";
    ProtectControlGroups = "yes";
    ProtectClock = "yes";
    ProtectHostname = "yes";
    RestrictNamespaces = "yes";
    RestrictRealtime = "yes";
    LockPersonality = "yes";
    MemoryDenyWriteExecute = "yes";
    SystemCallArchitectures = "native";
    SystemCallErrorNumber = "ENOSYS";

    TasksMax = "1024";
    LimitCORE = "0";
  };

  lists = {
    SupplementaryGroups = [ "kvm" ];
    DeviceAllow = [ "/dev/kvm rw" "/dev/net/tun rw" ];
    SystemCallFilter = [ "@system-service seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self" "~@privileged @keyring userfaultfd" "capset" ];
  };
in
{
  description = "VM ${name}";
  documentation = [ "man:vsock-notify(1)" ];
  # at shutdown VMs go before the network does
  after = [ "network.target" ];
  wantedBy = optional vm.autoStart "multi-user.target";
  serviceConfig = mkMerge [ (mapAttrs (_: mkDefault) scalars) lists vm.serviceConfig ];
}
