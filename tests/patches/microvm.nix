# SPDX-License-Identifier: Apache-2.0
# Evaluates a microvm.nix checkout for one MicroVM, without nixpkgs: what its runner's scripts, its assertions and the
# host's units would be. Packages are paths that nobody builds.
#   src       the checkout
#   settings  what the MicroVM's configuration says under "microvm"
#   paths     where packages and files are that are there: { NAME = "/..."; }
#   lib       nixpkgs' own, in place of the stand-in
{ src, settings ? { }, paths ? { }, lib ? import ./microvm-lib.nix }:
let
  name = "vm";

  package = pname: {
    name = pname;
    type = "derivation";
    version = "53.0";
    outPath = paths.${pname} or "/packages/${pname}";
    dev = "/packages/${pname}-dev";
    out = "/packages/${pname}";
  };
  packages = lib.genAttrs [
    "alioth" "bash" "cloud-hypervisor" "cloud-hypervisor-graphics" "coreutils" "crosvm" "curl" "e2fsprogs" "firecracker" "gawk"
    "gnused" "jq" "kvmtool" "python3" "qemu" "qemu-utils" "qemu_kvm" "socat" "stratovirt" "systemd" "util-linux" "vfkit" "virtiofsd"
  ] package;

  # A file that would be made holds its place with its text, between marks that split in files finds.
  file = kind: fileName: text: "@@${kind} ${fileName}\n${text}@@";
  pkgs = packages // {
    inherit lib;
    buildPackages = pkgs;
    callPackage = _: _: package "microvm-command";
    path = "/packages/nixpkgs";
    runtimeShell = "/packages/bash/bin/bash";
    stdenv.hostPlatform = {
      system = "x86_64-linux";
      isLinux = true;
      isDarwin = false;
      linux-kernel.target = "bzImage";
    };
    linux.target = "bzImage";
    runCommand = _: attrs: text: (attrs.passthru or { }) // { inherit text; outPath = "/packages/runner"; };
    writeShellScript = file "script";
    writeText = fileName: _: "/packages/${fileName}";
    writers.writeJSON = fileName: value: paths.${fileName} or (file "config" fileName (builtins.toJSON value));
  };

  # What an option of the tree defaults to.
  defaults = options: builtins.listToAttrs (builtins.concatMap (optionName:
    let option = options.${optionName};
    in
    if (option._type or "") != "option" then [ { name = optionName; value = defaults option; } ]
    else if option ? default then [ { name = optionName; value = option.default; } ]
    else [ ]) (builtins.attrNames options));

  config = {
    networking.hostName = name;
    boot.kernelPackages.kernel = package "kernel";
    nix.optimise.automatic = false;
    system.build = {
      toplevel = "/packages/toplevel";
      initialRamdisk = "/packages/initrd";
    };
    system.boot.loader.initrdFile = "initrd";
    microvm = lib.recursiveUpdate
      (defaults (import (src + "/nixos-modules/microvm/options.nix") { inherit config lib pkgs; }).options.microvm // {
        hostName = name;
        kernelParams = [ "init=/packages/toplevel/init" ];
        storeDisk = "/packages/store-disk";
        declaredRunner = runner;
      })
      settings;
  };

  runner = (import (src + "/lib") { inherit lib; }).buildRunner {
    inherit pkgs;
    microvmConfig = config.microvm;
    inherit (config.system.build) toplevel;
  };

  # A definition as it comes out, without priorities; what is not defined is not there.
  undefined = { _type = "undefined"; };
  resolve = value:
    if !builtins.isAttrs value then value
    else if (value._type or "") == "if" then (if value.condition then resolve value.content else undefined)
    else if (value._type or "") == "override" then resolve value.content
    else if (value._type or "") == "merge" then builtins.foldl' (a: b: a // b) { } (map resolve value.contents)
    else if value.type or "" == "derivation" then value.outPath
    else
      let resolved = builtins.mapAttrs (_: resolve) value;
      in removeAttrs resolved (builtins.filter (n: builtins.isAttrs resolved.${n} && resolved.${n}._type or "" == "undefined")
        (builtins.attrNames resolved));

  host = resolve (import (src + "/nixos-modules/host") {
    inherit pkgs lib;
    config = {
      microvm = defaults (import (src + "/nixos-modules/host/options.nix") { inherit pkgs lib; }).options.microvm // {
        vms.${name} = {
          config.config = config // { microvm = config.microvm // { shares = [ ]; }; };
          evaluatedConfig = null;
          flake = null;
          updateFlake = null;
          restartIfChanged = true;
          autostart = true;
        };
      };
      virtualisation.libvirtd.enable = false;
    };
  }).config;

  asserts = resolve (import (src + "/nixos-modules/microvm/asserts.nix") { inherit config lib; });
in
{
  # The runner, with its scripts and files in it.
  runner = runner.text;
  passthru = builtins.toJSON {
    inherit (runner) canShutdown;
    usesVsockNotify = runner.usesVsockNotify or false;
    supportsNotifySocket = runner.supportsNotifySocket;
  };
  # The template's unit and what the MicroVM's own adds to it, one setting a line.
  units = lib.concatMapStrings (unit: lib.concatMapStrings (line: "${unit} ${line}\n") (
    let service = host.systemd.services.${unit}.serviceConfig;
    in map (key: "${key}=${builtins.toJSON service.${key}}") (builtins.attrNames service)
  )) [ "microvm@" "microvm@${name}" ];
  wrong = lib.concatMapStrings (a: if a.assertion then "" else a.message) asserts.assertions;
}
