# SPDX-License-Identifier: Apache-2.0
# A NixOS VM test, for testers.runNixOSTest: the module on a host, and on it
#   told  a VM whose "VMM" is a script that says what a guest would, which needs no KVM
#   real  a NixOS guest under cloud-hypervisor, where the host has KVM (nested); where it has none, the log says so
# "package" is the vsock-notify to test; null: what the module builds.
{ package ? null }:
{ pkgs, lib, ... }:
let
  # All in memory: systemd's own word for "ready" is what this is about, not disks.
  guest = import "${pkgs.path}/nixos/lib/eval-config.nix" {
    inherit (pkgs.stdenv.hostPlatform) system;
    modules = [
      "${pkgs.path}/nixos/modules/installer/netboot/netboot.nix"
      "${pkgs.path}/nixos/modules/profiles/minimal.nix"
      {
        boot.initrd.availableKernelModules = [ "virtio_pci" "vmw_vsock_virtio_transport" ];
        boot.kernelModules = [ "vmw_vsock_virtio_transport" ];
        networking.useDHCP = false;
        system.stateVersion = lib.trivial.release;
      }
    ];
  };
  inherit (guest.config.system) build;
  kernel = if pkgs.stdenv.hostPlatform.isx86_64 then "${build.kernel.dev}/vmlinux" else "${build.kernel}/Image";
  console = if pkgs.stdenv.hostPlatform.isx86_64 then "ttyS0" else "ttyAMA0";

  # Ready, then a status; ends when it is told to.
  script = pkgs.writeShellScript "told" ''
    say() {
      printf "$1" | ${pkgs.socat}/bin/socat -t5 - UNIX-CONNECT:/run/vm-told/vsock_1234
    }
    say 'STATUS=on its way'
    say 'READY=1'
    say 'STATUS=there\nMAINPID=1'
    exec ${pkgs.coreutils}/bin/tail -f /dev/null
  '';
in
{
  name = "vsock-notify";

  nodes.host = {
    imports = [ ./module.nix ];
    virtualisation.memorySize = 4096;
    virtualisation.cores = 2;
    virtualisation.qemu.options = lib.optionals pkgs.stdenv.hostPlatform.isx86_64 [ "-cpu max" ];
    boot.kernelModules = [ "kvm-intel" "kvm-amd" ];
    services.vsock-notify = {
      enable = true;
      vms.told = {
        command = [ "${script}" ];
        vsock.socket = "/run/vm-told/vsock";
        policy.statusPrefix = "guest: ";
        extraOptions = [ "--vmm=other" "--credential=none" ];
      };
      vms.real = {
        autoStart = false;
        onEmergency = "fail";
        cloudHypervisor.extraArgs = [
          "--kernel" kernel
          "--initramfs" "${build.netbootRamdisk}/initrd"
          "--cmdline" "init=${build.toplevel}/init console=${console} panic=-1"
          "--memory" "size=2G"
          "--serial" "tty"
          "--console" "off"
        ];
      };
    } // lib.optionalAttrs (package != null) { inherit package; };
  };

  testScript = ''
    host.wait_for_unit("multi-user.target")

    with subtest("a VM is active when its guest is ready, and speaks for nobody else"):
        host.wait_for_unit("vm-told.service")
        host.wait_until_succeeds("systemctl show -p StatusText vm-told | grep -q 'guest: there'")
        host.fail("systemctl show -p MainPID vm-told | grep -qx MainPID=1")
        host.succeed("systemctl stop vm-told")
        host.succeed("systemctl show -p Result vm-told | grep -qx Result=success")

    with subtest("what is not there is not left"):
        host.fail("test -e /run/vm-told")

    if host.execute("test -c /dev/kvm")[0] != 0:
        host.log("nested KVM is missing: cloud-hypervisor was NOT tried")
    else:
        with subtest("a NixOS guest under cloud-hypervisor"):
            host.succeed("systemctl start vm-real", timeout=600)
            host.succeed("journalctl -u vm-real | grep -q basic.target")
            host.succeed("systemctl stop vm-real", timeout=120)
            host.succeed("systemctl show -p Result vm-real | grep -qx Result=success")
  '';
}
