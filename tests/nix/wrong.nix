# SPDX-License-Identifier: Apache-2.0
# Each assertion once: VMs that only it refuses, and what it says. "vms" is one VM, called a, unless there are more.
let
  vm = { cloudHypervisor.extraArgs = [ "--kernel" "/k" ]; };
  a = more: { a = vm // more; };
  at = "services.vsock-notify.vms.a";
in
{
  name = {
    vms."a b" = vm // { vsock.socket = "/run/a"; };
    says = "services.vsock-notify.vms.a b: \"a b\" is no name for a unit and a folder: write letters, digits, \"_\", \"-\" and \".\"";
  };
  neither = {
    vms.a = { };
    says = "${at}: there is no VMM: write cloudHypervisor.extraArgs = [ \"--kernel\" ... ], or command = [ \"/path/to/vmm\" ... ]";
  };
  both = {
    vms = a { command = [ "/vmm" ]; };
    says = "${at}: command and cloudHypervisor are both set: leave out one of them";
  };
  relative-command = {
    vms.a.command = [ "cloud-hypervisor" ];
    says = "${at}.command: it begins with the VMM's absolute path: write [ \"\${pkgs.cloud-hypervisor}/bin/cloud-hypervisor\" ... ]";
  };
  port-0 = {
    vms = a { port = 0; };
    says = "${at}.port: 0 is no port that a guest can name: write one from 1 to 65535, such as 1234";
  };
  cid-2 = {
    vms = a { vsock.cid = 2; };
    says = "${at}.vsock.cid: 2 is no guest's CID: write a number from 3 to 4294967294, or leave it out";
  };
  cid-of-command = {
    vms.a = { command = [ "/vmm" ]; vsock.cid = 3; };
    says = "${at}.vsock.cid: it has no effect on command: write it there (\"--vsock\" \"cid=...,socket=...\"), and leave it out here";
  };
  two-vsocks = {
    vms = a { cloudHypervisor.extraArgs = [ "--vsock=cid=4,socket=/run/vm-a/v" ]; vsock.cid = 3; };
    says = "${at}.cloudHypervisor.extraArgs: it has --vsock, and so has .vsock: leave out one of them";
  };
  socket-with-comma = {
    vms = a { vsock.socket = "/run/a,b"; };
    says = "${at}.vsock.socket: /run/a,b: write an absolute path without commas, quotes, brackets and spaces";
  };
  long-socket = {
    vms = a { vsock.socket = "/run/vm-a/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"; };
    says = "${at}.vsock.socket: /run/vm-a/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789_1234, where the guest reports to, is longer than 107 characters: write a shorter one";
  };
  ready-unit = {
    vms = a { readyUnit = "graphical"; };
    says = "${at}.readyUnit: \"graphical\" is no target, and a guest announces nothing else: write one, such as graphical.target";
  };
  allow = {
    vms = a { policy.allow = [ "RELOADING=1" "ERRNO" ]; };
    says = "${at}.policy.allow: RELOADING=1: write names of fields without \"=\", such as RELOADING, or X_MYAPP_*";
  };
  field-that-never-passes = {
    vms = a { policy.allow = [ "ERRNO" "MAINPID" ]; };
    says = "${at}.policy.allow: MAINPID: never passes, as the host would not be safe from the guest: leave it out";
  };
  prefix-with-key = {
    vms = a { policy.statusPrefix = "a, b=c"; };
    says = "${at}.policy.statusPrefix: a comma with a \"=\" after it begins another key: leave out one of them";
  };
  prefix-with-newline = {
    vms = a { policy.statusPrefix = "a\nb"; };
    says = "${at}.policy.statusPrefix: it is empty, has control characters, or ends in a backslash: write plain text";
  };
  long-prefix = {
    vms = a { policy.statusPrefix = "012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678"; };
    says = "${at}.policy.statusPrefix: it is longer than 128 bytes: write a shorter one";
  };
  odd-option = {
    vms = a { extraOptions = [ "--log-level" "debug" ]; };
    says = "${at}.extraOptions: debug: write options of \"vsock-notify run\", each with its value in one word, such as \"--log-level=debug\"";
  };
  taken-option = {
    vms = a { extraOptions = [ "--ready-unit=a.target" ]; };
    says = "${at}.extraOptions: --ready-unit=a.target: write ${at}.readyUnit";
  };
  plugin-twice = {
    vms = a { extraOptions = [ "--plugin=notify,max-status=80" ]; policy.watchdog = true; };
    says = "${at}.extraOptions: --plugin=notify and .policy would load the plugin twice: write all of its keys in one of them";
  };
  same-cid = {
    vms = { a = vm // { vsock.cid = 5; }; b = vm // { vsock.cid = 5; }; c = vm; d = vm; };
    says = "${at}.vsock.cid and services.vsock-notify.vms.b.vsock.cid are both 5: write another for one of them, or leave both out";
  };
  same-socket = {
    vms = { a = vm; b = vm // { vsock.socket = "/run/vm-a/vsock"; }; };
    says = "${at}.vsock.socket and services.vsock-notify.vms.b.vsock.socket are both /run/vm-a/vsock: write another for one of them";
  };
}
