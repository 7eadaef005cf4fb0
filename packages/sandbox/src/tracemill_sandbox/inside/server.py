"""The fork server: a clean process with the libraries loaded that forks one warden per run.

Started with a scrubbed environment as
``python -s -P -B -X utf8 -m tracemill_sandbox.server CONTROL UID FOLDER LIBRARY...``. It ends when
the control socket does, so it can not outlive its host.
"""

from __future__ import annotations

import array
import contextlib
import gc
import importlib
import json
import os
import platform
import select
import signal
import socket
import sys
from dataclasses import asdict

from tracemill_sandbox import kernel, namespaces, veil, warden
from tracemill_sandbox.job import DESCRIPTORS, Job
from tracemill_sandbox.tier import Offer, needed_paths, probe


def main(arguments: list[str]) -> None:
    """Serve runs until the host hangs up; in a forked child: carry that run through."""
    control = socket.socket(fileno=int(arguments[0]))
    uid = int(arguments[1])
    if os.getuid() != uid:
        _open_up((*needed_paths(), arguments[2]))
    offer = probe(uid)
    if offer.tier.namespaces:
        if os.getuid() != uid:
            kernel.become(uid, uid)
        namespaces.enter_worker()
    kernel.adopt_orphans()
    kernel.set_dumpable(dumpable=False)
    control.send(_hello(offer, _preload(arguments[3:])))
    gc.collect()
    gc.freeze()
    job = _serve(control, namespaced=offer.tier.namespaces)
    if job is not None:
        control.close()
        warden.watch(job, offer.tier, uid)


def _open_up(needed: tuple[str, ...]) -> None:
    try:
        veil.open_up(needed)
    except OSError as error:
        sys.exit(
            f"{error.filename}: {error.strerror}, and the interpreter lies in a folder closed to "
            "others: put the environment where they can read it, or do not run as root"
        )


def _preload(libraries: list[str]) -> dict[str, str]:
    """Import what is installed of ``libraries``; returns name -> version."""
    versions: dict[str, str] = {}
    for name in libraries:
        with contextlib.suppress(ImportError):
            versions[name] = str(getattr(importlib.import_module(name), "__version__", "unknown"))
    return versions


def _hello(offer: Offer, libraries: dict[str, str]) -> bytes:
    greeting = {
        "offer": asdict(offer),
        "python": platform.python_version(),
        "libraries": libraries,
    }
    return json.dumps(greeting).encode()


def _serve(control: socket.socket, *, namespaced: bool) -> Job | None:
    """Fork for each job; returns the job in the child, None in the server when the host is gone."""
    own = os.open("/proc/self/ns/pid", os.O_RDONLY) if namespaced else -1
    while True:
        job = _receive(control)
        if job is None:
            return None
        if namespaced:
            namespaces.next_run()
        child = os.fork()
        if child == 0:
            return job
        if namespaced:
            namespaces.back(own)
        for descriptor in job.descriptors():
            os.close(descriptor)
        _reap(child, control, namespaced=namespaced)
        control.send(b"done")


def _receive(control: socket.socket) -> Job | None:
    size = array.array("i").itemsize * DESCRIPTORS
    data, ancillary, _, _ = control.recvmsg(64, socket.CMSG_LEN(size))
    if not data:
        return None
    received = array.array("i")
    for _level, _kind, content in ancillary:
        received.frombytes(content)
    request, result, stdout, stderr, status = received
    return Job(request=request, result=result, stdout=stdout, stderr=stderr, status=status)


def _reap(child: int, control: socket.socket, *, namespaced: bool) -> None:
    """Wait for the warden; kill it and all else if the host hangs up meanwhile."""
    handle = os.pidfd_open(child)
    poller = select.poll()
    poller.register(handle, select.POLLIN)
    poller.register(control.fileno(), select.POLLIN | select.POLLHUP)
    ready = {descriptor for descriptor, _ in poller.poll()}
    if handle not in ready:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    os.close(handle)
    os.waitpid(child, 0)
    if not namespaced:
        warden.end_descendants()


if __name__ == "__main__":
    main(sys.argv[1:])
