# SPDX-License-Identifier: Apache-2.0
# The patch files of ../../patches by project and version, in the order of their series files: lists for a package's "patches".
# { cloud-hypervisor."53.0" = [ /.../0001-... ]; microvm-nix.main-2026-08 = ...; ... }
# least.cloud-hypervisor."53.0" has of these what a VMM needs at least: without it the VMM loses notifications, because it answers
# an RST with an RST. A version has no entry in least if its VMM does not do so.
{ lib }:
let
  root = ../../patches;
  folders = path:
    lib.filterAttrs (name: type: type == "directory") (builtins.readDir path);
  series = folder:
    map (name: folder + "/${name}") (builtins.filter (line: line != "") (lib.splitString "\n" (builtins.readFile (folder + "/series"))));
  version = name: if builtins.match "v[0-9].*" name != null then lib.removePrefix "v" name else name;
  versions = project: lib.mapAttrs' (name: _: lib.nameValuePair (version name) (series (root + "/${project}/${name}")))
    (folders (root + "/${project}"));
  all = lib.mapAttrs' (project: _: lib.nameValuePair (builtins.replaceStrings [ "." ] [ "-" ] project) (versions project)) (folders root);
  againstLoss = builtins.filter (path: lib.hasInfix "RST" (baseNameOf path));
  filled = lib.filterAttrs (_: value: value != [ ] && value != { });
in
all // { least = filled (lib.mapAttrs (_: list: filled (lib.mapAttrs (_: againstLoss) list)) all); }
