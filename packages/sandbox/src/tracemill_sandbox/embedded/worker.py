"""One worker: a fork server and the host's side of what is said to it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tracemill_sandbox import folder as run_folder
from tracemill_sandbox import frame, verdict
from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.exchange import Capture, Exchange
from tracemill_sandbox.job import HELLO_BYTES, Job, Orders
from tracemill_sandbox.request import RunRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.tier import Offer, Tier

BACKEND = "process"
LIBRARIES = ("numpy", "pandas")
"""Loaded by the fork server where they are installed, so that a run need not load them."""

START_SECONDS = 60.0
_HASH_SEED = "0"
"""Sets of strings iterate alike in every run, so that the same program says the same."""


@dataclass(frozen=True, kw_only=True)
class Greeting:
    """What a fork server says once it is ready."""

    offer: Offer
    python: str
    libraries: dict[str, str]


class Worker:
    """A fork server; not thread-safe, one run at a time."""

    def __init__(
        self, *, worker_id: str, folder: Path, uid: int, libraries: tuple[str, ...]
    ) -> None:
        self.worker_id = worker_id
        self._folder, self._uid, self._libraries = folder, uid, libraries
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._greeting: Greeting | None = None

    @property
    def pid(self) -> int | None:
        """Return the process id of the fork server; None before the start and after the end."""
        return None if self._process is None else self._process.pid

    @property
    def greeting(self) -> Greeting:
        """Return what the server said at its start."""
        if self._greeting is None:
            raise WorkerLost(f"worker {self.worker_id} has not started")
        return self._greeting

    def launch(self) -> None:
        """Start the process; ``await_ready`` waits for it.

        Raises:
            WorkerLost: if there is no such process to be had.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        words = ("-s", "-P", "-B", "-X", "utf8", "-m", "tracemill_sandbox.server")
        orders = (str(theirs.fileno()), str(self._uid), str(self._folder))
        command = [sys.executable, *words, *orders, *self._libraries]
        try:
            self._folder.mkdir(mode=0o755, exist_ok=True)
            with theirs, self._log.open("wb") as log:
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    command,
                    env=_environment(),
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                    pass_fds=(theirs.fileno(),),
                    start_new_session=True,
                )
        except OSError as error:
            theirs.close()
            ours.close()
            raise WorkerLost(f"worker {self.worker_id} did not start: {error}") from error
        self._control = ours

    def await_ready(self) -> Greeting:
        """Wait for the server's greeting.

        Raises:
            WorkerLost: with the last lines of the server's log.
        """
        assert self._control is not None  # noqa: S101 - launch() comes first
        self._control.settimeout(START_SECONDS)
        data = b""
        with contextlib.suppress(OSError):  # a time-out or a reset: no greeting either way
            data = self._control.recv(HELLO_BYTES)
        if not data:
            log = self._log.read_text(errors="replace").strip()[-500:]
            self.stop(grace=0.0)
            raise WorkerLost(f"worker {self.worker_id} did not become ready: {log or 'no word'}")
        self._control.settimeout(None)
        self._greeting = _greeting(data)
        return self._greeting

    def run(self, request: RunRequest, *, queue_seconds: float, attempts: int) -> RunResult:
        """Run one program.

        Raises:
            WorkerLost: if the server, not the program, failed; the worker is of no more use then.
        """
        run_id = secrets.token_hex(16)
        nonce = secrets.token_bytes(frame.NONCE_BYTES)
        folder = self._folder / run_id
        try:
            run_folder.lay_out(folder, request.files, uid=self._uid)
            capture = self._carry_out(request, folder, nonce)
            usage = run_folder.measure(folder)
            run_folder.remove(folder)
        except OSError as error:
            raise WorkerLost(f"worker {self.worker_id}: {error}") from error
        payload = frame.decode(bytes(capture.result.kept), nonce)
        status, reason = verdict.judge(capture, payload, request.limits)
        return RunResult(
            run_id=run_id,
            worker_id=self.worker_id,
            backend=BACKEND,
            tier=self.greeting.offer.tier.name,
            status=status,
            reason=reason,
            facts=verdict.facts(capture, usage, queue_seconds=queue_seconds, attempts=attempts),
            claims=verdict.claims(capture, payload, usage),
        )

    def _carry_out(self, request: RunRequest, folder: Path, nonce: bytes) -> Capture:
        if self._control is None:
            raise WorkerLost(f"worker {self.worker_id} is stopped")
        orders = Orders(
            code=request.code,
            outputs=request.outputs,
            limits=request.limits,
            folder=str(folder),
            nonce=nonce,
        )
        with contextlib.ExitStack() as stack:
            pipes, status = _hand_over(self._control, orders, stack)
            exchange = Exchange(
                control=self._control,
                status=status,
                pipes=pipes,
                limits=request.limits,
                folder=folder,
            )
            return exchange.carry_out()

    def stop(self, *, grace: float) -> str | None:
        """Hang up, wait, kill, verify, remove the folder; returns what failed, None if nothing."""
        control, self._control = self._control, None
        process, self._process = self._process, None
        if control is not None:
            control.close()
        failures = []
        if process is not None and not _ended(process, grace):
            process.kill()
            if not _ended(process, 1.0):
                failures.append(f"process {process.pid} does not end")
        try:
            run_folder.remove(self._folder)
        except OSError as error:
            failures.append(f"folder {self._folder} stays: {error}")
        return f"worker {self.worker_id}: " + "; ".join(failures) if failures else None

    def kill(self) -> None:
        """End the server and everything it runs at once; a run in progress raises WorkerLost."""
        if self._process is not None:
            self._process.kill()

    @property
    def _log(self) -> Path:
        return self._folder / "server.log"


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(max(0.0, seconds))
    except subprocess.TimeoutExpired:
        return False
    return True


def _environment() -> dict[str, str]:
    """Return all that a run sees of the environment; nothing of the host's own is passed on."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "USER": "guest",
        "LOGNAME": "guest",
        "PYTHONHASHSEED": _HASH_SEED,
        **dict.fromkeys(threads, "1"),
    }


def _greeting(data: bytes) -> Greeting:
    values = json.loads(data)
    offer = values["offer"]
    return Greeting(
        offer=Offer(
            tier=Tier(**offer["tier"]),
            uid=offer["uid"],
            reasons=tuple(offer["reasons"]),
            remedies=tuple(offer["remedies"]),
        ),
        python=values["python"],
        libraries=values["libraries"],
    )


def _hand_over(
    control: socket.socket, orders: Orders, stack: contextlib.ExitStack
) -> tuple[tuple[int, int, int], socket.socket]:
    """Make the run's descriptors, send one end of each; returns stdout, stderr, result, status."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    stack.enter_context(ours)
    with contextlib.ExitStack() as given:
        given.enter_context(theirs)
        request = os.memfd_create("request")
        given.callback(os.close, request)
        with os.fdopen(os.dup(request), "wb") as stream:
            stream.write(orders.to_bytes())
        os.lseek(request, 0, os.SEEK_SET)
        readers, writers = [], []
        for _ in range(3):
            reader, writer = os.pipe()
            stack.callback(os.close, reader)
            given.callback(os.close, writer)
            readers.append(reader)
            writers.append(writer)
        job = Job(
            request=request,
            result=writers[2],
            stdout=writers[0],
            stderr=writers[1],
            status=theirs.fileno(),
        )
        _send(control, job)
    return (readers[0], readers[1], readers[2]), ours


def _send(control: socket.socket, job: Job) -> None:
    try:
        socket.send_fds(control, [b"run"], list(job.descriptors()))
    except OSError as error:
        raise WorkerLost(f"the fork server does not listen: {error.strerror}") from error
