# SPDX-License-Identifier: Apache-2.0
# An argument vector as a line for systemd's ExecStart=, which comes out there as it went in: no specifiers (%t), no variables
# ($X), no separators (a lone ";"). Words that need none are not quoted, to be read by people.
{ lib }:
let
  quote = word:
    if builtins.match "[a-zA-Z0-9_./:=,@+-]+" word != null then word
    else "\"${builtins.replaceStrings [ "\\" "\"" "\n" "\t" "%" "$" ] [ "\\\\" "\\\"" "\\n" "\\t" "%%" "$$" ] word}\"";
in
words: lib.concatMapStringsSep " " quote words
