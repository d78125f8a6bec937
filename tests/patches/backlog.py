#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# backlog.py SECONDS [VMM OPTION...]: what a full accept backlog on one port does to the guest's other connections.
#
# Port 1235 has a listener without room, which accepts nothing for SECONDS; port 1234 has one that works. The guest
# tries 1235 for 200 ms, then notifies 1234 five times. Prints the guest's figures: "note 1" is port 1235, "note 2" the
# first that had to get past it. Environment: CLOUD_HYPERVISOR, GUEST_ELF, RUN_VMM (tests/guest/run-vmm.sh).
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time


def listen(path, backlog):
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(path)
    sock.listen(backlog)
    return sock


def serve(sock):
    while True:
        conn, _ = sock.accept()
        conn.recv(4096)
        conn.shutdown(socket.SHUT_WR)
        while conn.recv(4096):
            pass
        conn.close()


def stall(sock, seconds):
    time.sleep(seconds)  # the experiment's one parameter
    while True:
        sock.accept()[0].close()


with tempfile.TemporaryDirectory() as folder:
    vsock = folder + "/vsock"
    full = listen(vsock + "_1235", 0)
    filler = socket.socket(socket.AF_UNIX)
    filler.connect(vsock + "_1235")
    good = listen(vsock + "_1234", 128)
    threading.Thread(target=serve, args=(good,), daemon=True).start()
    threading.Thread(target=stall, args=(full, float(sys.argv[1])), daemon=True).start()
    words = "port=1235 patience=200000 say=x port=1234 patience=30000000 n=5"
    sys.exit(subprocess.run([os.environ["RUN_VMM"], "cloud-hypervisor", vsock, words] + sys.argv[2:]).returncode)
