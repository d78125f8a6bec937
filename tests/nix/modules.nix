# SPDX-License-Identifier: Apache-2.0
# A module system in as many words as the module needs: options are declared in one place or more, definitions are merged by
# type with mkIf, mkMerge and priorities, what is not declared or of another type is an error. nixpkgs' lib has the real one.
{ lib }:
let
  inherit (builtins) all attrNames concatLists concatMap concatStringsSep filter foldl' head isAttrs isFunction isList length map mapAttrs;

  isOption = value: isAttrs value && value._type or "" == "option";
  show = concatStringsSep ".";
  mkOverride = priority: content: { _type = "override"; inherit priority content; };

  # A definition as those that count: [ { value; priority; } ]
  expand = priority: value:
    if !isAttrs value then [ { inherit value priority; } ]
    else if value._type or "" == "if" then (if value.condition then expand priority value.content else [ ])
    else if value._type or "" == "merge" then concatMap (expand priority) value.contents
    else if value._type or "" == "override" then expand value.priority value.content
    else [ { inherit value priority; } ];

  # A definition of a set as sets whose elements have its conditions and priorities: none is looked at for the names.
  push = value:
    let within = wrap: content: map (mapAttrs (_: wrap)) (push content);
    in
    if value._type or "" == "if" then within (content: { _type = "if"; inherit (value) condition; inherit content; }) value.content
    else if value._type or "" == "merge" then concatMap push value.contents
    else if value._type or "" == "override" then within (mkOverride value.priority) value.content
    else [ value ];
  child = name: concatMap (set: lib.optional (set ? ${name}) set.${name});

  mergeDefs = loc: type: values:
    let
      expanded = concatMap (expand 100) values;
      best = foldl' (low: def: if def.priority < low then def.priority else low) 9999 expanded;
      defs = filter (def: def.priority == best) expanded;
    in
    if expanded == [ ] then throw "The option `${show loc}' was accessed but has no value defined."
    else if !all (def: type.check def.value) defs then throw "A definition for option `${show loc}' is not of type `${type.name}'."
    else type.merge loc defs;

  # declarations: trees of options; values: definitions of the same. Gives { config; options; }.
  evalTree = loc: declarations: values:
    let
      defs = concatMap push values;
      names = lib.unique (concatMap attrNames declarations);
      unknown = filter (name: !builtins.elem name names) (concatMap attrNames defs);
      of = name:
        let
          declared = concatMap (tree: lib.optional (tree ? ${name}) tree.${name}) declarations;
          option = foldl' (a: b: a // b) { } declared;
          here = loc ++ [ name ];
          given = child name defs ++ lib.optional (option ? default) (mkOverride 1500 option.default);
          inner = evalTree here declared (child name defs);
        in
        if isOption (head declared)
        then { options = option; config = (option.apply or (value: value)) (mergeDefs here option.type given); }
        else inner;
      all = lib.genAttrs names of;
    in
    if unknown != [ ] then throw "The option `${show (loc ++ [ (head unknown) ])}' does not exist."
    else { config = mapAttrs (_: node: node.config) all; options = mapAttrs (_: node: node.options) all; };

  evalModules = { modules, specialArgs ? { }, prefix ? [ ] }:
    let
      args = { inherit lib; inherit (result) config options; } // specialArgs;
      load = module:
        let
          source = if builtins.isPath module || builtins.isString module then import module else module;
          called = if isFunction source then source args else source;
          body = if called ? options || called ? config || called ? imports then called else { config = called; };
        in
        [ { key = module; inherit body; } ] ++ concatMap load (body.imports or [ ]);
      # by path, a module counts once
      bodies = map (loaded: loaded.body) (foldl'
        (seen: loaded: if builtins.isPath loaded.key && builtins.any (other: builtins.isPath other.key && other.key == loaded.key) seen
          then seen else seen ++ [ loaded ]) [ ]
        (concatMap load modules));
      result = evalTree prefix (map (body: body.options or { }) bodies) (map (body: body.config or { }) bodies);
    in
    result;

  plain = name: check: { inherit name check; merge = loc: defs:
    if all (def: def.value == (head defs).value) defs then (head defs).value
    else throw "The option `${show loc}' has conflicting definitions."; };
  within = low: high: plain "between ${toString low} and ${toString high}" (v: builtins.isInt v && v >= low && v <= high);
in
{
  inherit evalModules mkOverride;
  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkForce = mkOverride 50;
  mkDefault = mkOverride 1000;
  mkBefore = content: content;
  mkOption = option: option // { _type = "option"; };
  mergeEqualOption = (plain "" (_: true)).merge;
  mkOptionType = type: { check = _: true; } // type;

  types = rec {
    unspecified = { name = "unspecified"; check = _: true; merge = _: defs: (head defs).value; };
    bool = plain "bool" builtins.isBool;
    str = plain "str" builtins.isString;
    package = plain "package" (v: isAttrs v && v ? outPath);
    ints.between = within;
    ints.unsigned = within 0 9223372036854775807;
    port = within 0 65535;
    enum = values: plain "one of ${toString values}" (v: builtins.elem v values);
    nullOr = type: type // {
      name = "null or ${type.name}";
      check = v: v == null || type.check v;
      merge = loc: defs:
        if all (def: def.value == null) defs then null
        else if builtins.any (def: def.value == null) defs then throw "The option `${show loc}' is null and is not."
        else type.merge loc defs;
    };
    listOf = type: type // {
      name = "list of ${type.name}";
      check = v: isList v && all type.check v;
      merge = _: defs: concatLists (map (def: def.value) defs);
    };
    attrsOf = type: type // {
      name = "attribute set of ${type.name}";
      check = isAttrs;
      merge = loc: defs:
        let sets = concatMap (def: push def.value) defs;
        in lib.genAttrs
          (filter (name: concatMap (expand 100) (child name sets) != [ ]) (lib.unique (concatMap attrNames sets)))
          (name: mergeDefs (loc ++ [ name ]) type (child name sets));
    };
    submodule = module:
      let eval = loc: values: evalModules {
        modules = [ module ] ++ map (value: { config = value; }) values;
        specialArgs.name = if loc == [ ] then "name" else lib.last loc;
        prefix = loc;
      };
      in {
        name = "submodule";
        check = isAttrs;
        merge = loc: defs: (eval loc (map (def: def.value) defs)).config;
        getSubOptions = loc: (eval loc [ ]).options;
      };
  };
}
