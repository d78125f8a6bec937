# SPDX-License-Identifier: Apache-2.0
# The module evaluated on a host that is nothing but the options it sets, and its units as text, as NixOS would write them.
#   lib   nixpkgs', or the stand-in
#   vms   services.vsock-notify.vms
#   more  another module
{ lib, vms ? { }, more ? { }, package ? "/packages/vsock-notify" }:
let
  inherit (lib) mkOption types;
  fake = name: { type = "derivation"; inherit name; outPath = "/packages/${name}"; };
  pkgs = {
    callPackage = _: _: fake "vsock-notify";
    cloud-hypervisor = fake "cloud-hypervisor";
  };

  # Lists are joined, anything else is the same in all places, as in nixpkgs' systemd options.
  setting = lib.mkOptionType {
    name = "setting";
    merge = loc: defs:
      let values = map (def: def.value) defs;
      in if lib.any lib.isList values then lib.concatMap lib.toList values
      else if lib.all (value: value == lib.head values) values then lib.head values
      else throw "${toString loc}: conflicting definitions";
  };
  list = mkOption { type = types.listOf types.unspecified; default = [ ]; };
  service.options = {
    description = mkOption { type = types.str; default = ""; };
    documentation = list;
    after = list;
    wantedBy = list;
    serviceConfig = mkOption { type = types.attrsOf setting; default = { }; };
  };
  host.options = {
    assertions = list;
    environment.systemPackages = list;
    systemd.services = mkOption { type = types.attrsOf (types.submodule service); default = { }; };
  };

  result = lib.evalModules {
    specialArgs = { inherit pkgs; };
    modules = [
      host
      ../../vsock-notify/nixos/module.nix
      { services.vsock-notify = { enable = true; package = { type = "derivation"; name = "vsock-notify"; outPath = package; }; inherit vms; }; }
      more
    ];
  };

  text = value: if value == true then "true" else if value == false then "false" else toString value;
  lines = settings: lib.concatMapStringsSep "" (key:
    lib.concatMapStringsSep "" (value: "${key}=${text value}\n") (lib.toList settings.${key})) (builtins.attrNames settings);
  unit = service: "[Unit]\n" + lines { Description = service.description; Documentation = service.documentation; After = service.after; }
    + "\n[Service]\n" + lines service.serviceConfig
    + (if service.wantedBy == [ ] then "" else "\n[Install]\n" + lines { WantedBy = service.wantedBy; });

  # Options without one of what each has to have: names with what is missing. Not those that only nixpkgs' lib has.
  undocumented = path: option:
    if option._type or "" == "option" then
      let
        missing = lib.filter (what: !(option ? ${what}) || what == "description" && option.${what} == "")
          [ "type" "default" "example" "description" ];
      in
      lib.optional (missing != [ ]) "${path}: no ${toString missing}"
      ++ (if option ? type.getSubOptions then undocumented "${path}.*" (option.type.getSubOptions [ ]) else [ ])
    else lib.concatMap (name: undocumented "${path}.${name}" option.${name})
      (lib.filter (name: !lib.hasPrefix "_" name) (builtins.attrNames option));
in
{
  units = lib.mapAttrs (_: unit) result.config.systemd.services;
  wrong = map (a: a.message) (lib.filter (a: !a.assertion) result.config.assertions);
  undocumented = undocumented "services.vsock-notify" result.options.services.vsock-notify;
}
