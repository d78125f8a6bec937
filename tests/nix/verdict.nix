# SPDX-License-Identifier: Apache-2.0
# What can be said of the Nix files by evaluation alone: { CASE = complaint; }, "" where all is right.
#   lib   nixpkgs', or the stand-in
{ lib }:
let
  inherit (builtins) concatStringsSep filter isAttrs mapAttrs pathExists toJSON tryEval deepSeq;
  host = vms: import ./host.nix { inherit lib vms; };
  cases = host (import ./cases.nix);

  same = expected: actual: if expected == actual then "" else "it is ${toJSON actual}, not ${toJSON expected}";
  prefixed = prefix: lib.mapAttrs' (name: value: lib.nameValuePair "${prefix}-${name}" value);

  units = mapAttrs
    (name: text:
      let golden = ./golden + "/${name}.service";
      in if !pathExists golden then "there is no golden/${name}.service" else if text == builtins.readFile golden then ""
      else "it is no longer golden/${name}.service: ${text}")
    cases.units;

  # What is of another type is refused, and so is what there is not.
  vm = more: { a = { cloudHypervisor.extraArgs = [ ]; } // more; };
  types = mapAttrs
    (_: vms:
      let result = tryEval (deepSeq (host vms).units true);
      in if result.success then "it is taken" else "")
    {
      port = vm { port = 70000; };
      on-emergency = vm { onEmergency = "reboot"; };
      exit-status = vm { exitStatus = "host"; };
      extend-start = vm { extendStart = 86401; };
      command = { a.command = "cloud-hypervisor --kernel vmlinux"; };
      cid = vm { vsock.cid = -1; };
      setting-twice = vm { serviceConfig = lib.mkMerge [ { MemoryMax = "2G"; } { MemoryMax = "4G"; } ]; };
      unknown = vm { redyUnit = "a.target"; };
    };

  package = import ../../vsock-notify/nixos/package.nix {
    inherit lib;
    check = "check";
    cjson = "cjson";
    libseccomp = "libseccomp";
    libvirt = "libvirt";
    libxml2 = "libxml2";
    pkg-config = "pkg-config";
    testers = { testVersion = attrs: attrs.command; runNixOSTest = test: test; };
    stdenv = {
      buildPlatform.canExecute = _: true;
      hostPlatform = { };
      mkDerivation = f: let attrs = f (attrs // { finalPackage = attrs; }); in attrs;
    };
  };
  patches = removeAttrs package.passthru.patches [ "least" ];
  # Of each version one file, the first of its series.
  least = mapAttrs (_: mapAttrs (_: map (path: builtins.match "0001-.*RST.*[.]patch" (baseNameOf path) != null)))
    package.passthru.patches.least;
  expectedPatches = {
    cloud-hypervisor = [ "51.2" "52.0" "53.0" "main-2026-08" ];
    firecracker = [ "main-2026-08" ];
    microvm-nix = [ "main-2026-08" ];
    vhost-device-vsock = [ "0.3.0" ];
  };
  missing = filter (path: !pathExists path);
  allPatches = lib.concatMap (project: lib.concatMap (version: patches.${project}.${version})
    (builtins.attrNames patches.${project})) (builtins.attrNames patches);

  # The NixOS test, with the module on a host that is not NixOS.
  test = import ../../vsock-notify/nixos/test.nix { } {
    inherit lib;
    pkgs = {
      path = toString ./nixpkgs;
      stdenv.hostPlatform = { system = "x86_64-linux"; isx86_64 = true; };
      writeShellScript = _: text: builtins.deepSeq text "/packages/script";
      coreutils = "/packages/coreutils";
      socat = "/packages/socat";
    };
  };
  tested = host test.nodes.host.services.vsock-notify.vms;
in
prefixed "unit" units
// prefixed "refuses" (mapAttrs (_: { vms, says }: same [ says ] (host vms).wrong) (import ./wrong.nix))
// prefixed "refuses-type" types
// {
  nothing-wrong = same [ ] cases.wrong;
  documentation = concatStringsSep "; " cases.undocumented;
  package = same
    { doCheck = true; strictDeps = true; license = lib.licenses.asl20; mainProgram = "vsock-notify"; platforms = lib.platforms.linux; tests = [ "nixos" "version" ]; }
    {
      inherit (package) doCheck strictDeps;
      inherit (package.meta) license mainProgram platforms;
      tests = builtins.attrNames package.passthru.tests;
    };
  package-source = concatStringsSep ", " (missing (map (path: toString ../.. + "/${path}") (let source = import ../../vsock-notify/nixos/source.nix; in source.include ++ source.exclude)));
  patches = same expectedPatches (mapAttrs (_: builtins.attrNames) patches);
  least-patches = same
    {
      cloud-hypervisor = { "51.2" = [ true ]; "52.0" = [ true ]; "53.0" = [ true ]; };
      firecracker.main-2026-08 = [ true ];
    }
    least;
  patch-files = concatStringsSep ", " (map toString (missing allPatches));
  nixos-test = same { wrong = [ ]; units = [ "vm-real" "vm-told" ]; said = [ true true ]; }
    {
      inherit (tested) wrong;
      units = builtins.attrNames tested.units;
      said = map (unit: lib.hasInfix "systemctl stop ${unit}" test.testScript) (builtins.attrNames tested.units);
    };
  flake = if isAttrs (import ../../flake.nix) then "" else "flake.nix is no attribute set";
}
