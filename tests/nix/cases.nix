# SPDX-License-Identifier: Apache-2.0
# Six configurations, whose units are in golden/: the least, the most, another VMM, odd words, the vsock device, own settings.
{
  least.cloudHypervisor.extraArgs = [ "--kernel" "/vm/vmlinux" ];

  most = {
    cloudHypervisor = {
      package = { type = "derivation"; name = "own"; version = "54.0"; outPath = "/packages/own"; };
      extraArgs = [ "--kernel" "/vm/vmlinux" "--disk" "path=/vm/a.raw" "path=/vm/b.raw" "--memory" "size=1G" ];
    };
    port = 8888;
    readyUnit = "graphical.target";
    extendStart = 60;
    policy = { allow = [ "RELOADING" "X_MYAPP_*" ]; watchdog = true; statusPrefix = "guest most: "; };
    inferReady = false;
    exitStatus = "vmm";
    exitStatusUnknown = 9;
    onEmergency = "fail";
    extraOptions = [ "--reboot=reloading" "--log-level=debug" ];
    serviceConfig.WatchdogSec = 30;
  };

  firecracker = {
    command = [ "/packages/firecracker/bin/firecracker" "--no-api" "--config-file" "/vm/config.json" ];
    policy.watchdog = true;
  };

  # What systemd would make something else of, and a shell.
  odd = {
    command = [
      "/packages/cloud-hypervisor/bin/cloud-hypervisor" "--kernel" "/vm/%n $HOME \${X}" "--cmdline"
      "a=\"b c\" d='e' f=\\x41 g;h" ";" "" "--api-socket=path=/run/vm-odd/api" "two\nlines\tand a tab" "-" "@x" "ü"
    ];
    vsock.socket = "/run/vm-odd/v";
    policy.statusPrefix = "100% of $PATH \"x\", ";
  };

  vsock = {
    cloudHypervisor.extraArgs = [ "--kernel" "/vm/vmlinux" "--api-socket" "path=/run/vm-vsock/own" ];
    vsock = { socket = "/run/vm-vsock/notify.vsock"; cid = 42; };
    autoStart = false;
  };

  settings = {
    cloudHypervisor.extraArgs = [ "--firmware" "/vm/firmware" ];
    vsock.cid = 7;
    serviceConfig = {
      TimeoutStartSec = "20min";
      DeviceAllow = [ "/dev/vfio/* rw" ];
      MemoryMax = "2G";
      SupplementaryGroups = "disk";
      RestrictRealtime = false;
    };
  };
}
