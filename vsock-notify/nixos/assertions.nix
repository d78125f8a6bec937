# SPDX-License-Identifier: Apache-2.0
# What types cannot say: what of the VMs' options cannot work, and what to write instead.
{ lib, vms }:
let
  inherit (lib) any concatMap concatStringsSep filter hasPrefix optionals;
  names = builtins.attrNames vms;
  at = name: "services.vsock-notify.vms.${name}";
  matches = pattern: text: builtins.match pattern text != null;

  defaultSocket = name: "/run/vm-${name}/vsock";

  # The longest path of a unix socket, sun_path without its end.
  pathMax = 107;
  ours = {
    "--port" = "port";
    "--ready-unit" = "readyUnit";
    "--infer-ready" = "inferReady";
    "--extend-start" = "extendStart";
    "--exit-status" = "exitStatus";
    "--exit-status-unknown" = "exitStatusUnknown";
    "--on-emergency" = "onEmergency";
    "--vsock" = "vsock.socket";
  };

  forVm = name: vm:
    let
      words = if vm.command != null then vm.command else vm.cloudHypervisor.extraArgs or [ ];
      hasWord = option: any (word: word == option || hasPrefix "${option}=" word) words;
      socket = if vm.vsock.socket != null then vm.vsock.socket else defaultSocket name;
      listening = "${socket}_${toString vm.port}";
      hasPolicy = vm.policy.allow != [ ] || vm.policy.watchdog || vm.policy.statusPrefix != null;
      optionOf = word: builtins.head (lib.splitString "=" word);
      taken = filter (word: ours ? ${optionOf word}) vm.extraOptions;
      odd = filter (word: !matches "--[a-z].*" word || word == "--print") vm.extraOptions;
      # of ../plugins/notify/policy.c: those that never pass, and end the start of who allows them
      never = [
        "MONOTONIC_USEC" "MAINPID" "MAINPIDFDID" "MAINPIDFD" "NOTIFYACCESS" "FDSTORE" "FDSTOREREMOVE" "FDNAME" "FDPOLL"
        "WATCHDOG_USEC" "RESTART_RESET"
      ];
      neverPass = filter (field: builtins.elem field never) vm.policy.allow;
      badFields = filter (field: !matches "[A-Z][A-Z0-9_]*[*]?" field) vm.policy.allow;
      needs = assertion: message: { inherit assertion; message = "${at name}${message}"; };
    in
    [
      (needs (matches "[a-zA-Z0-9_][a-zA-Z0-9_.-]*" name)
        ": \"${name}\" is no name for a unit and a folder: write letters, digits, \"_\", \"-\" and \".\"")
      (needs (vm.command != null || vm.cloudHypervisor != null)
        ": there is no VMM: write cloudHypervisor.extraArgs = [ \"--kernel\" ... ], or command = [ \"/path/to/vmm\" ... ]")
      (needs (vm.command == null || vm.cloudHypervisor == null)
        ": command and cloudHypervisor are both set: leave out one of them")
      (needs (vm.command == null || vm.command != [ ] && hasPrefix "/" (builtins.head vm.command))
        ".command: it begins with the VMM's absolute path: write [ \"\${pkgs.cloud-hypervisor}/bin/cloud-hypervisor\" ... ]")
      (needs (vm.port != 0) ".port: 0 is no port that a guest can name: write one from 1 to 65535, such as 1234")
      (needs (vm.vsock.cid == null || vm.vsock.cid >= 3 && vm.vsock.cid < 4294967295)
        ".vsock.cid: ${toString vm.vsock.cid} is no guest's CID: write a number from 3 to 4294967294, or leave it out")
      (needs (vm.vsock.cid == null || vm.command == null)
        ".vsock.cid: it has no effect on command: write it there (\"--vsock\" \"cid=...,socket=...\"), and leave it out here")
      (needs (vm.cloudHypervisor == null || vm.vsock.cid == null && vm.vsock.socket == null || !hasWord "--vsock")
        ".cloudHypervisor.extraArgs: it has --vsock, and so has .vsock: leave out one of them")
      (needs (matches "/[^],\"'[[:space:]]*" socket)
        ".vsock.socket: ${socket}: write an absolute path without commas, quotes, brackets and spaces")
      (needs (builtins.stringLength listening <= pathMax)
        ".vsock.socket: ${listening}, where the guest reports to, is longer than ${toString pathMax} characters: write a shorter one")
      (needs (vm.readyUnit == null || matches "[^/[:space:]]+[.]target" vm.readyUnit)
        ".readyUnit: \"${toString vm.readyUnit}\" is no target, and a guest announces nothing else: write one, such as ${
          if vm.readyUnit != null && matches "[^/.[:space:]]+" vm.readyUnit then vm.readyUnit else "multi-user"}.target")
      (needs (badFields == [ ])
        ".policy.allow: ${concatStringsSep ", " badFields}: write names of fields without \"=\", such as RELOADING, or X_MYAPP_*")
      (needs (neverPass == [ ])
        ".policy.allow: ${concatStringsSep ", " neverPass}: never passes, as the host would not be safe from the guest: leave it out")
      (needs (vm.policy.statusPrefix == null || !matches ".*,[^,]*=.*" vm.policy.statusPrefix)
        ".policy.statusPrefix: a comma with a \"=\" after it begins another key: leave out one of them")
      (needs (vm.policy.statusPrefix == null || matches "[^[:cntrl:]]*[^[:cntrl:]\\]" vm.policy.statusPrefix)
        ".policy.statusPrefix: it is empty, has control characters, or ends in a backslash: write plain text")
      (needs (vm.policy.statusPrefix == null || builtins.stringLength vm.policy.statusPrefix <= 128)
        ".policy.statusPrefix: it is longer than 128 bytes: write a shorter one")
      (needs (odd == [ ])
        ".extraOptions: ${concatStringsSep ", " odd}: write options of \"vsock-notify run\", each with its value in one word, such as \"--log-level=debug\"")
      (needs (taken == [ ])
        ".extraOptions: ${concatStringsSep ", " taken}: write ${concatStringsSep ", " (map (word: "${at name}.${ours.${optionOf word}}") taken)}")
      (needs (!hasPolicy || !any (word: optionOf word == "--plugin" && matches "--plugin=notify(,.*)?" word) vm.extraOptions)
        ".extraOptions: --plugin=notify and .policy would load the plugin twice: write all of its keys in one of them")
    ];

  # Two VMs that have the same of something; what is null is not known here.
  shared = what: value:
    let set = filter (name: value name != null) names;
    in concatMap (name: concatMap
      (other: optionals (other > name && value other == value name) [ {
        assertion = false;
        message = "${at name}.${what} and ${at other}.${what} are both ${toString (value name)}: write another for one of them${
          lib.optionalString (what == "vsock.cid") ", or leave both out"}";
      } ])
      set) set;
in
concatMap (name: forVm name vms.${name}) names
++ shared "vsock.cid" (name: vms.${name}.vsock.cid)
++ shared "vsock.socket" (name:
  let vm = vms.${name};
  in if vm.vsock.socket != null then vm.vsock.socket
  else if vm.cloudHypervisor != null then defaultSocket name
  else null)
