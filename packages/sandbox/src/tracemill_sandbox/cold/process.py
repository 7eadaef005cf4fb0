"""The host's side of a cold run: starts the process, reads what comes, ends what goes too far.

It uses what every POSIX system has: no pidfd, no ``/proc``. The end of the process is looked for a
hundred times a second, which costs little beside the cold start.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tracemill_sandbox.embedded.exchange import Capture, Cause
from tracemill_sandbox.embedded.listen import Listener, Pipes
from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.inside.folder import ENTRIES_PER_FOLDER, MOST_ENTRIES, measure
from tracemill_sandbox.inside.job import Ended, Orders

_TICK_SECONDS = 0.01
_MEASURE_SECONDS = 0.1
_END_SECONDS = 5.0
_LAST_ROUNDS = 8
"""Rounds of the event loop that read what is left in the pipes; each takes what a pipe can hold.
Not until they are empty: a process that left its group may go on writing for ever."""

_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""``ru_maxrss`` counts bytes on macOS, KiB elsewhere (getrusage(2) of each)."""


class ColdProcess:
    """One program in a new interpreter, in a process group of its own.

    Args:
        orders: Of kind ``program``.
        folder: Its working directory, laid out.

    Raises:
        OSError: if it can not be started.
    """

    def __init__(self, orders: Orders, folder: Path) -> None:
        self._limits, self._folder = orders.limits, folder
        self._cause: Cause | None = None
        self._reason = ""
        self._killed = False
        self._began = time.monotonic()
        self._deadline = self._began + orders.limits.wall_seconds
        self._process, pipes = _start(orders, folder)
        self._listener = Listener(
            pipes,
            orders.limits,
            orders.nonce,
            on_answer=lambda: None,
            on_flood=lambda reason: self._end("output_limit", reason),
        )

    @property
    def pid(self) -> int:
        """Return the id of its process, which is that of its group as well."""
        return self._process.pid

    async def carry_out(self) -> Capture:
        """Follow the run until its process has ended; a cancelled call ends it first.

        Raises:
            WorkerLost: if it was killed by ``kill``, or does not end.
        """
        try:
            ended = await self._follow()
        except asyncio.CancelledError:
            self._end("cancelled", "its caller gave it up")
            await self._follow()
            raise
        finally:
            self._listener.close(drain=False)
        if self._killed:
            raise WorkerLost("the worker was killed during the run")
        return self._capture(ended)

    def kill(self) -> None:
        """End it and its group at once; ``carry_out`` raises then."""
        self._killed = True
        self._end("cancelled", "")

    async def _follow(self) -> Ended:
        """Wait for the end of the process, end what is left of its group, read what it wrote."""
        measured = self._began
        while not (found := os.wait4(self.pid, os.WNOHANG))[0]:
            now = time.monotonic()
            self._check_time(now)
            if now - measured >= _MEASURE_SECONDS:
                self._check_disk()
                measured = now
            await asyncio.sleep(_TICK_SECONDS)
        _, status, usage = found
        wall = time.monotonic() - self._began
        self._signal_group()  # its number can not have been given to another so soon
        self._process.returncode = os.waitstatus_to_exitcode(status)
        for _ in range(_LAST_ROUNDS):
            await asyncio.sleep(0)
        return _ended(status, wall, usage)

    def _check_time(self, now: float) -> None:
        if now < self._deadline:
            return
        if self._cause is not None:
            raise WorkerLost(f"process {self.pid} does not end")
        self._end("timeout", f"still running after {self._limits.wall_seconds:g} s")

    def _check_disk(self) -> None:
        usage = measure(self._folder)
        if usage.size > self._limits.disk_bytes or usage.entries >= MOST_ENTRIES:
            reason = f"its files hold {usage.size} bytes in {usage.entries} entries"
            self._end("output_limit", f"{reason}, folders as {ENTRIES_PER_FOLDER}")

    def _end(self, cause: Cause, reason: str) -> None:
        if self._cause is not None:
            return
        self._cause, self._reason = cause, reason
        self._deadline = time.monotonic() + _END_SECONDS
        if self._process.returncode is None:
            self._signal_group()

    def _signal_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # gone; a zombie on macOS
            os.killpg(self.pid, signal.SIGKILL)

    def _capture(self, ended: Ended) -> Capture:
        return Capture(
            stdout=self._listener.stdout,
            stderr=self._listener.stderr,
            result_bytes=self._listener.result_bytes,
            answers=tuple(self._listener.answers),
            ended=ended,
            cause=self._cause,
            reason=self._reason,
        )


def _start(orders: Orders, folder: Path) -> tuple[subprocess.Popen[bytes], Pipes]:
    """Start the guest with its orders on stdin; return it and our ends of its pipes."""
    with contextlib.ExitStack() as given, contextlib.ExitStack() as ours:
        request = given.enter_context(tempfile.TemporaryFile())
        request.write(orders.to_bytes())
        request.seek(0)
        readers, writers = [], []
        for _ in range(3):
            reader, writer = os.pipe()
            given.callback(os.close, writer)
            ours.callback(os.close, reader)
            os.set_blocking(reader, False)
            readers.append(reader)
            writers.append(writer)
        process = _popen(request.fileno(), writers, folder)
        ours.pop_all()  # they are kept
    return process, Pipes(stdout=readers[0], stderr=readers[1], result=readers[2])


def _popen(request: int, writers: list[int], folder: Path) -> subprocess.Popen[bytes]:
    stdout, stderr, channel = writers
    words = ("-s", "-P", "-B", "-X", "utf8", "-m", "tracemill_sandbox.cold.guest")
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, *words, str(channel)],
        env=_environment(folder),
        cwd=folder,
        stdin=request,
        stdout=stdout,
        stderr=stderr,
        pass_fds=(channel,),
        start_new_session=True,
    )


def _ended(status: int, wall: float, usage: resource.struct_rusage) -> Ended:
    return Ended(
        wait_status=status,
        wall_seconds=wall,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_memory_bytes=usage.ru_maxrss * _MAXRSS_UNIT,
    )


def _environment(folder: Path) -> dict[str, str]:
    """Return what a program sees of the environment; nothing of the host's own is passed on."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PYTHONHASHSEED": "0",  # as in the other backends: the same program says the same
    }
