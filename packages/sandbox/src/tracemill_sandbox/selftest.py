"""The live self-test: one benign program and six attacks, before a worker counts as ready.

What a machine promises and what a worker holds are two things, so each worker is tried by programs
that want out. The host judges by what it planted: a secret, a canary folder, listening sockets, a
victim. Three runs, some 0.1 s:

    assault  reads, writes, connects, signals, and leaves a file and a process behind
    forgery  writes what looks like a result to every descriptor, and ends without one
    benign   must work, and must see nothing of the two before it
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracemill_sandbox.errors import SandboxUnavailable, WorkerLost
from tracemill_sandbox.kernel.namespaces import SHELL
from tracemill_sandbox.request import MIB, Limits, RunRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.worker import Greeting, Worker

UNCONFINED = "none"
"""Tier of the mode that is spelled out as unsafe; its workers are only asked for an answer."""

_ANSWER = 42
_FILE_MODE, _FOLDER_MODE = 0o644, 0o777
_MOST_FOLDER_BYTES = 64
_LIMITS = Limits(wall_seconds=10.0, memory_bytes=256 * MIB, processes=16)

_ASSAULT = """
import os, select, signal, socket

def read():
    said.append(open(SECRET_FILE).read())

def write():
    open(CANARY, "w").close()

def write_beside():
    open(FOLDER + "/more", "w").close()

def connect():
    socket.create_connection(("127.0.0.1", PORT), 1).send(b"x")

def connect_by_path():
    opened = socket.socket(socket.AF_UNIX)
    opened.connect(UNIX)
    opened.send(b"x")

def send_signal():
    os.kill(VICTIM, signal.SIGKILL)

def leave_files():
    for folder in ("/tmp", "/dev/shm", "/var/tmp", ".."):
        try:
            open(folder + "/" + MARK, "w").close()
        except OSError:
            pass

def leave_process():
    import fcntl
    ready, readied = os.pipe()
    if os.fork() == 0:
        os.setsid()
        fcntl.lockf(open(os.__file__), fcntl.LOCK_SH, 1, OFFSET)
        os.write(readied, b"!")
        select.select([], [], [], 60)
        os._exit(0)
    select.select([ready], [], [], 2)

said = []
attacks = (read, write, write_beside, connect, connect_by_path, send_signal, leave_files)
for attack in (*attacks, leave_process):
    try:
        attack()
    except OSError as error:
        print(attack.__name__, error)
"""

_FORGERY = """
import json, os
answer = "true"
said = {"name": "answer", "line_number": 0, "value": "FORGED", "value_hash": "0" * 64}
body = json.dumps({"exception": None, "memory": False, "bindings": [], "dropped": 0,
    "outputs": [said | {"coverage": "whole"}]}).encode()
for number in range(3, 1024):
    for start in (b"", bytes(32)):
        try:
            os.set_blocking(number, False)
            os.write(number, start + len(body).to_bytes(8, "big") + body)
        except OSError:
            pass
os._exit(0)
"""

_BENIGN = """
import fcntl, os, struct
answer = 6 * 7
lock = struct.pack("hhqqi", fcntl.F_WRLCK, 0, OFFSET, 1, 0)
with open(os.__file__) as file:
    kind = struct.unpack("hhqqi", fcntl.fcntl(file, fcntl.F_GETLK, lock))[0]
left = ["a process"] if kind != fcntl.F_UNLCK else []
left += [folder for folder in (".", "/tmp", "/dev/shm", "/var/tmp", "..")
    if os.path.exists(folder + "/" + MARK)]
"""


@dataclass(frozen=True, kw_only=True)
class _Plant:
    """What the attacks aim at.

    Attributes:
        folder: Open to every user; holds the secret, the canary and a listening unix socket.
        secret: What must not come out.
        mark: Name of what the attacks leave.
        offset: Byte of a library file that the process left behind would hold a lock on.
        listeners: Sockets to which nothing may connect: TCP and unix.
        victim: Process of the same user as the runs.
    """

    folder: Path
    secret: str
    mark: str
    offset: int
    listeners: tuple[socket.socket, ...]
    victim: subprocess.Popen[bytes]

    @property
    def canary(self) -> Path:
        return self.folder / "canary"

    def program(self, code: str) -> str:
        """Return ``code`` behind the names of what was planted."""
        names: dict[str, str | int] = {
            "SECRET_FILE": str(self.folder / "secret"),
            "CANARY": str(self.canary),
            "FOLDER": str(self.folder),
            "UNIX": str(self.folder / "socket"),
            "PORT": self.listeners[0].getsockname()[1],
            "VICTIM": self.victim.pid,
            "MARK": self.mark,
            "OFFSET": self.offset,
        }
        return "".join(f"{name} = {value!r}\n" for name, value in names.items()) + code


async def selftest(worker: Worker) -> None:
    """Try a worker that has started; returns if it answers and holds.

    Raises:
        WorkerLost: if the worker failed, or did not carry a program out as it should.
        SandboxUnavailable: if an attack got out, with what got out as its reasons.
    """
    if worker.greeting.tier == UNCONFINED:
        _answered(worker, await worker.run(RunRequest(code="answer = 6 * 7", outputs=("answer",))))
        return
    with _planted(worker.greeting) as plant:
        assault = await worker.run(_request(plant, _ASSAULT, "said"))
        forgery = await worker.run(_request(plant, _FORGERY, "answer"))
        benign = await worker.run(_request(plant, _BENIGN, "answer", "left"))
        got_out = _got_out(plant, assault, forgery, benign)
    if got_out:
        raise SandboxUnavailable(
            reasons=tuple(f"worker {worker.worker_id}: a program {one}" for one in got_out),
            remedies=("run: tracemill sandbox doctor", "use the oci backend"),
        )
    _ended(worker, assault, "ok")
    _ended(worker, forgery, "error")
    _answered(worker, benign)


def _request(plant: _Plant, code: str, *outputs: str) -> RunRequest:
    return RunRequest(code=plant.program(code), outputs=outputs, limits=_LIMITS)


def _got_out(
    plant: _Plant, assault: RunResult, forgery: RunResult, benign: RunResult
) -> tuple[str, ...]:
    """Return what the programs did that they must not, one verb phrase each."""
    names = {path.name for path in plant.folder.iterdir()}
    verdicts = (
        ("read a file of the host", plant.secret in repr(assault)),
        ("wrote outside its folder", plant.canary.read_text() != plant.mark or "more" in names),
        ("connected to a socket of the host", any(map(_connected, plant.listeners))),
        ("signalled a process of the host", plant.victim.poll() is not None),
        ("forged a result", forgery.ok or "FORGED" in repr(forgery.claims.outputs)),
        ("left a file or a process for the next run", bool(benign.output("left"))),
    )
    return tuple(what for what, happened in verdicts if happened)


def _connected(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _ended(worker: Worker, result: RunResult, status: str) -> None:
    if result.status != status:
        raise WorkerLost(
            f"worker {worker.worker_id}: self-test: wanted status {status}, "
            f"got {result.status}: {result.reason}"
        )


def _answered(worker: Worker, result: RunResult) -> None:
    _ended(worker, result, "ok")
    if result.output("answer") != _ANSWER:
        raise WorkerLost(
            f"worker {worker.worker_id}: self-test: wanted the answer {_ANSWER}, "
            f"got {result.output('answer')!r}"
        )


@contextlib.contextmanager
def _planted(greeting: Greeting) -> Iterator[_Plant]:
    """Plant all of it and take it away again.

    Raises:
        WorkerLost: if this machine has no room for it, which says nothing about the worker.
    """
    with contextlib.ExitStack() as stack:
        try:
            plant = _plant(greeting, stack)
        except OSError as error:
            raise WorkerLost(f"the self-test could not be prepared: {error}") from error
        yield plant


def _plant(greeting: Greeting, stack: contextlib.ExitStack) -> _Plant:
    folder = Path(tempfile.mkdtemp(prefix="tracemill-selftest-", dir=_short(tempfile.gettempdir())))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    plant = _Plant(
        folder=folder,
        secret=secrets.token_hex(16),
        mark=f"tracemill-{secrets.token_hex(8)}",
        offset=secrets.randbits(60),
        listeners=(_tcp(stack), _unix(folder / "socket", stack)),
        victim=_victim(greeting.uid, stack),
    )
    (folder / "secret").write_text(plant.secret)
    plant.canary.write_text(plant.mark)
    for path in (folder / "secret", plant.canary):
        path.chmod(_FILE_MODE)
    if os.getuid() == 0:
        os.chown(plant.canary, greeting.uid, greeting.uid)
    folder.chmod(_FOLDER_MODE)  # only the sandbox stands between a run and what lies here
    return plant


def _short(folder: str) -> str:
    """Return a folder in which the path of a socket has room: 107 bytes, says ``man 7 unix``."""
    return folder if len(os.fsencode(folder)) <= _MOST_FOLDER_BYTES else "/tmp"  # noqa: S108 - mkdtemp


def _tcp(stack: contextlib.ExitStack) -> socket.socket:
    listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    listener.settimeout(0)
    return listener


def _unix(path: Path, stack: contextlib.ExitStack) -> socket.socket:
    listener = stack.enter_context(socket.socket(socket.AF_UNIX))
    listener.bind(str(path))
    path.chmod(_FOLDER_MODE)
    listener.listen()
    listener.settimeout(0)
    return listener


def idle_command(shell: str = SHELL) -> list[str]:
    """Return a command that waits for its stdin; some images of containers have no shell."""
    if os.access(shell, os.X_OK):
        return [shell, "-c", "read line"]
    return [sys.executable, "-I", "-S", "-c", "import sys; sys.stdin.read()"]


def _victim(uid: int, stack: contextlib.ExitStack) -> subprocess.Popen[bytes]:
    victim = subprocess.Popen(  # noqa: S603 - our own interpreter, or the shell
        idle_command(),
        stdin=subprocess.PIPE,
        cwd="/",
        env={},
        user=uid if os.getuid() == 0 else None,
    )
    stack.callback(victim.wait)
    stack.callback(victim.kill)
    if victim.stdin is not None:
        stack.callback(victim.stdin.close)
    return victim
