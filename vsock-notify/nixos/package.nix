# SPDX-License-Identifier: Apache-2.0
# The package, for callPackage. Its checks are the unit tests: the others want QEMU, a systemd, or minutes.
{
  lib,
  stdenv,
  check,
  cjson,
  libseccomp,
  libvirt,
  libxml2,
  pkg-config,
  testers,
  withLibvirt ? false,
}:

stdenv.mkDerivation (finalAttrs: {
  pname = "vsock-notify";
  version = lib.head (
    builtins.match ".*#define VSOCK_NOTIFY_VERSION \"([^\"]*)\".*" (builtins.readFile ../base/version.h)
  );

  src =
    let
      source = import ./source.nix;
      files = paths: lib.fileset.unions (map (path: ../.. + "/${path}") paths);
    in
    lib.fileset.toSource {
      root = ../..;
      fileset = lib.fileset.difference (files source.include) (files source.exclude);
    };

  outputs = [
    "out"
    "dev"
    "man"
  ];

  strictDeps = true;
  enableParallelBuilding = true;

  nativeBuildInputs = [ pkg-config ];
  buildInputs = [
    cjson
    libseccomp
  ]
  ++ lib.optionals withLibvirt [
    libvirt
    libxml2
  ];

  # make runs scripts of the tree's
  postPatch = ''
    patchShebangs vsock-notify/packaging
  '';

  makeFlags = [
    "PREFIX=${placeholder "out"}"
    "INCLUDEDIR=${placeholder "dev"}/include"
    "MANDIR=${placeholder "man"}/share/man"
    "PKGCONFIGDIR=${placeholder "dev"}/lib/pkgconfig"
    "LIBVIRT=${if withLibvirt then "yes" else "no"}"
    # what a later compiler warns of is no reason not to build
    "WARNINGS=-Wall"
  ];

  doCheck = stdenv.buildPlatform.canExecute stdenv.hostPlatform;
  # strictDeps: a library that only tests link is found by the compiler as a build input
  checkInputs = [ check ];
  checkPhase = ''
    runHook preCheck
    patchShebangs tests/run-tests.sh
    make -j"$NIX_BUILD_CORES" $makeFlags check-units
    runHook postCheck
  '';

  passthru = {
    # by project and version, for a package's "patches"
    patches = import ./patches.nix { inherit lib; };
    tests = {
      version = testers.testVersion {
        package = finalAttrs.finalPackage;
        command = "vsock-notify --version";
      };
      nixos = testers.runNixOSTest (import ./test.nix { package = finalAttrs.finalPackage; });
    };
  };

  meta = {
    description = "Bridge from a VM guest's systemd notifications to the host's service manager";
    longDescription = ''
      Stands at the hybrid vsock of cloud-hypervisor, Firecracker or vhost-device-vsock, and passes what the guest's systemd
      reports on to the host's, so that a VM is a service that is active when its guest is ready.
    '';
    license = lib.licenses.asl20;
    mainProgram = "vsock-notify";
    platforms = lib.platforms.linux;
    maintainers = [ ];
  };
})
