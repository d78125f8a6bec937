# SPDX-License-Identifier: Apache-2.0
# What microvm.nix's runners, options and host module use of nixpkgs' lib, in as many words as evaluating them needs: no
# types are checked, no priorities are weighed. microvm.nix (the file beside this one) makes use of it.
let
  inherit (builtins)
    attrNames elemAt genList isAttrs length listToAttrs map match stringLength substring tail;
in
rec {
  optional = condition: value: if condition then [ value ] else [ ];
  optionals = condition: values: if condition then values else [ ];
  optionalAttrs = condition: attrs: if condition then attrs else { };
  optionalString = condition: string: if condition then string else "";

  inherit (builtins) all any concatMap concatStringsSep elem filter mapAttrs replaceStrings;
  concatMapStrings = f: list: concatStringsSep "" (map f list);
  concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
  mapAttrsToList = f: attrs: map (name: f name attrs.${name}) (attrNames attrs);
  genAttrs = names: f: listToAttrs (map (name: { inherit name; value = f name; }) names);
  imap0 = f: list: genList (i: f i (elemAt list i)) (length list);
  drop = n: list: if n == 0 || list == [ ] then list else drop (n - 1) (tail list);
  zipLists = a: b:
    genList (i: { fst = elemAt a i; snd = elemAt b i; }) (if length a < length b then length a else length b);
  recursiveUpdate = old: new:
    old // mapAttrs (name: value:
      if isAttrs value && isAttrs (old.${name} or null) then recursiveUpdate old.${name} value else value) new;

  hasPrefix = prefix: string: substring 0 (stringLength prefix) string == prefix;
  hasInfix = infix: string: replaceStrings [ infix ] [ "" ] string != string;
  strings.lowerChars = map (i: substring i 1 "abcdefghijklmnopqrstuvwxyz") (genList (i: i) 26);
  escapeShellArg = value:
    let string = toString value;
    in if match "[[:alnum:],._+:@%/-]+" string != null then string else "'${replaceStrings [ "'" ] [ "'\\''" ] string}'";
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;

  versionAtLeast = a: b: builtins.compareVersions a b >= 0;
  getExe = package: "${package}/bin/${package.name}";
  getExe' = package: program: "${package}/bin/${program}";
  warn = _: value: value;
  warnIf = _: _: value: value;

  # Of the module system: what a definition says, for whoever reads it.
  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkOverride = priority: content: { _type = "override"; inherit priority content; };
  mkForce = mkOverride 50;
  mkDefault = mkOverride 1000;
  mkOption = option: option // { _type = "option"; };
  mkOptionType = type: type;
  mkEnableOption = description: mkOption { default = false; inherit description; };
  mkRemovedOptionModule = _: _: { };
  literalExpression = text: { inherit text; };

  # A type is nothing here. Those that take something swallow it.
  types =
    let
      plain = genAttrs [ "bool" "int" "float" "str" "path" "lines" "package" "pkgs" "port" "attrs" "unspecified"
        "deferredModule" "nonEmptyStr" ] (_: { });
      taking = genAttrs [ "nullOr" "listOf" "attrsOf" "enum" "oneOf" "submodule" ] (_: _: { });
    in
    plain // taking // { ints = { positive = { }; unsigned = { }; between = _: _: { }; }; };
}
