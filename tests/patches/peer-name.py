#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# peer-name.py "GUEST WORDS" [VMM OPTION...]: a listener on port 1234 that prints who connects, a line each:
#	name=NAME pid=PID said=BYTES		(NAME by getpeername(2), empty if there is none; PID by SO_PEERCRED)
# TAKE=PORT in the environment: after the first connection, takes the name of that source port. Environment also:
# CLOUD_HYPERVISOR, GUEST_ELF, RUN_VMM (tests/guest/run-vmm.sh).
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading

taker = socket.socket(socket.AF_UNIX)


def serve(sock):
    take = os.environ.get("TAKE")
    while True:
        conn, _ = sock.accept()
        name = conn.getpeername()
        pid = struct.unpack("iII", conn.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
        said = conn.recv(4096)
        text = name.replace(b"\0", b"@").decode() if name else ""
        print(f"name={text} pid={pid} said={said.decode()}", flush=True)
        if take:
            taker.bind(b"\0vsock-peer.v1/%d/3/%d/1234" % (pid, int(take)))
            take = None
        conn.shutdown(socket.SHUT_WR)
        while conn.recv(4096):
            pass
        conn.close()


with tempfile.TemporaryDirectory() as folder:
    vsock = folder + "/vsock"
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(vsock + "_1234")
    sock.listen(128)
    threading.Thread(target=serve, args=(sock,), daemon=True).start()
    sys.exit(subprocess.run([os.environ["RUN_VMM"], "cloud-hypervisor", vsock, sys.argv[1]] + sys.argv[2:]).returncode)
