# SPDX-License-Identifier: Apache-2.0
# What the module uses of nixpkgs' lib, where there is no nixpkgs: helpers here, the module system in modules.nix.
let
  inherit (builtins) attrNames concatStringsSep elemAt filter isString length listToAttrs map split stringLength substring;
  lib = {
    inherit (builtins) any all concatMap concatStringsSep elem filter head isList mapAttrs;
    optional = condition: value: if condition then [ value ] else [ ];
    optionals = condition: values: if condition then values else [ ];
    optionalAttrs = condition: attrs: if condition then attrs else { };
    optionalString = condition: string: if condition then string else "";
    concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
    genAttrs = names: f: listToAttrs (map (name: { inherit name; value = f name; }) names);
    nameValuePair = name: value: { inherit name value; };
    mapAttrs' = f: attrs: listToAttrs (map (name: f name attrs.${name}) (attrNames attrs));
    filterAttrs = f: attrs: removeAttrs attrs (filter (name: !f name attrs.${name}) (attrNames attrs));
    last = list: elemAt list (length list - 1);
    unique = builtins.foldl' (seen: value: if builtins.elem value seen then seen else seen ++ [ value ]) [ ];
    toList = value: if builtins.isList value then value else [ value ];
    hasPrefix = prefix: string: substring 0 (stringLength prefix) string == prefix;
    hasInfix = infix: string: builtins.replaceStrings [ infix ] [ "" ] string != string;
    removePrefix = prefix: string: substring (stringLength prefix) (-1) string;
    splitString = separator: string: filter isString (split (builtins.replaceStrings [ "." ] [ "[.]" ] separator) string);
    escapeShellArg = string: "'${builtins.replaceStrings [ "'" ] [ "'\\''" ] string}'";
    escapeShellArgs = lib.concatMapStringsSep " " lib.escapeShellArg;
    literalExpression = text: { _type = "literalExpression"; inherit text; };
    licenses.asl20 = "asl20";
    platforms.linux = [ "x86_64-linux" "aarch64-linux" ];
    fileset.toSource = attrs: attrs.fileset;
    fileset.unions = paths: paths;
  } // import ./modules.nix { inherit lib; };
in
lib
