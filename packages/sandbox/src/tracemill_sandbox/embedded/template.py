"""The host's side of the template: starts it, has workers forked from it, ends it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_sandbox.embedded.channel import Channel, close_all
from tracemill_sandbox.errors import SandboxUnavailable, WorkerLost
from tracemill_sandbox.inside.job import Message
from tracemill_sandbox.inside.template import Settings, end_with
from tracemill_sandbox.kernel.tier import Tier
from tracemill_sandbox.worker import Greeting, StopFailure

Wrap = Callable[[Sequence[str], Path, int], Sequence[str]]
"""Turns the template's command into the one that is started: command, folder of the pool, number of
the descriptor that must stay open."""

Answer = tuple[Message, list[int]]
"""A message of the template and the descriptors that came with it."""

_START_SECONDS = 60.0
_FORK_SECONDS = 10.0
_FAREWELL_SECONDS = 0.5
"""Time that it always has to see its workers off: killed, it would leave them to be waited for by
the machine's first process, which in many containers does not."""

_KILL_SECONDS = 0.5
"""From the kill to the end; the kernel needs some milliseconds."""

_GREETING = ""
"""Stands for the greeting where else the folder of the worker that was asked for stands."""

_HASH_SEED = "0"
"""Sets of strings iterate alike in every run, so that the same program says the same."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How templates of a backend are started.

    Attributes:
        folder: The pool's folder; it exists.
        uid: A user that runs may have.
        libraries: What is loaded beforehand.
        avoid: Parts of the tier not to be used.
        spares: Processes that each worker keeps waiting.
        wrap: See ``Wrap``; None to start the command as it is.
        fence: What the wrapping adds to the name of the tier, for instance ``bubblewrap``.
    """

    folder: Path
    uid: int
    libraries: tuple[str, ...]
    avoid: tuple[str, ...]
    spares: int
    wrap: Wrap | None
    fence: str


class Template:
    """A running template. One that does not answer in time is ended: it hangs, and may for ever."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._greeted = False
        self._asked = _GREETING
        self._answer: asyncio.Future[Answer] | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def alive(self) -> bool:
        """Whether it can be asked for workers."""
        return self._greeted and self._channel is not None

    @property
    def pid(self) -> int | None:
        """Return its process id; None before the start and after the end."""
        return None if self._process is None else self._process.pid

    async def start(self) -> Greeting:
        """Start it and wait until its libraries are loaded.

        Raises:
            SandboxUnavailable: if this machine does not offer enough to hold a program.
            WorkerLost: with the last lines of its log, if it did not start.
        """
        try:
            self._channel = Channel(self._launch(), self._hear)
        except OSError as error:
            raise WorkerLost(f"the template did not start: {error}") from error
        try:
            message, _ = await self._next(_GREETING, _START_SECONDS)
        except WorkerLost as error:
            said = self._last_words() or str(error)
            raise WorkerLost(f"the template did not become ready: {said}") from error
        greeting = self._greeting(message)
        self._greeted = True
        return greeting

    async def fork(self, folder: Path, uid: int, control: socket.socket) -> int:
        """Have a worker forked that serves ``control``; return a pidfd of it.

        Args:
            folder: The worker's.
            uid: User of its runs.
            control: The worker's end of its control socket.

        Raises:
            WorkerLost: if the template has ended or does not answer.
        """
        async with self._one_at_a_time:
            if self._channel is None:
                raise WorkerLost("the template has ended")
            self._channel.send({"fork": str(folder), "uid": uid}, [control.fileno()])
            _, descriptors = await self._next(str(folder), _FORK_SECONDS)
        if not descriptors:
            raise WorkerLost("no descriptor is left for a handle of the worker")
        return descriptors[0]

    def kill(self) -> None:
        """End it at once; the kernel ends its workers with it."""
        if self._process is not None:
            self._process.kill()

    async def stop(self, grace: float) -> tuple[StopFailure, ...]:
        """Hang up, wait, kill, look whether it went; half a second more than ``grace`` at most.

        The grace counts as half a second at least. One that still starts is killed at once, since
        it has no workers yet.
        """
        process, self._process = self._process, None
        is_starting = self._channel is not None and not self._greeted
        self._hang_up()
        if process is None:
            return ()
        if is_starting:
            process.kill()
        try:
            if await _ended(process, max(grace, _FAREWELL_SECONDS)):
                return self._fault(process.returncode)
        finally:
            process.kill()  # though this be called off; what has ended is left alone
        if await _ended(process, _KILL_SECONDS):
            return ()
        text = f"process {process.pid} does not end"
        return (StopFailure(subject="template", phase="kill", error="Remains", text=text),)

    def _fault(self, code: int) -> tuple[StopFailure, ...]:
        """Tell of a template that broke at its end: it may have left its workers to others."""
        if code <= 0:
            return ()
        text = f"ended with code {code}: {self._last_words()}"
        return (StopFailure(subject="template", phase="stop", error="Broken", text=text),)

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):  # the pool was stopped, and its folder is gone
            return self._log.read_text(errors="replace").strip()[-500:]
        return ""

    def _launch(self) -> socket.socket:
        """Start the process; return our end of its control socket."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, contextlib.ExitStack() as undo:
            undo.callback(ours.close)
            self._process = self._popen(theirs.fileno())
            with contextlib.suppress(ProcessLookupError):  # it has ended already
                end_with(theirs.fileno(), self._process.pid)
            undo.pop_all()
        return ours

    def _popen(self, control: int) -> subprocess.Popen[bytes]:
        plan = self._plan
        settings = Settings(
            control=control,
            uid=plan.uid,
            folder=str(plan.folder),
            avoid=plan.avoid,
            spares=plan.spares,
            libraries=plan.libraries,
        )
        words = ("-s", "-P", "-B", "-X", "utf8", "-m", "tracemill_sandbox.inside.template")
        command: Sequence[str] = (sys.executable, *words, settings.to_text())
        if plan.wrap is not None:
            command = plan.wrap(command, plan.folder, control)
        with self._log.open("wb") as log:
            return subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                env=_environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                pass_fds=(control,),
                start_new_session=True,
            )

    def _greeting(self, message: Message) -> Greeting:
        offer = message["offer"]
        assert isinstance(offer, dict)  # noqa: S101 - our template wrote it
        tier = Tier(**offer["tier"])
        if "libraries" not in message:
            raise SandboxUnavailable(
                reasons=tuple(offer["reasons"]), remedies=tuple(offer["remedies"])
            )
        name = "-".join(filter(None, (self._plan.fence, tier.name)))
        libraries = message["libraries"]
        assert isinstance(libraries, dict)  # noqa: S101 - as above
        return Greeting(
            tier=name,
            uid=offer["uid"],
            python=str(message["python"]),
            libraries=libraries,
            reasons=tuple(offer["reasons"]),
            remedies=tuple(offer["remedies"]),
        )

    async def _next(self, asked: str, seconds: float) -> Answer:
        """Wait for the answer to what was asked for."""
        if self._channel is None:
            raise WorkerLost("the template has ended")
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asked, self._answer = asked, answer
        try:
            async with asyncio.timeout(seconds):
                return await answer
        except TimeoutError as error:
            _throw_away(answer)
            self.kill()
            self._hang_up()
            raise WorkerLost(f"the template said nothing for {seconds:g} s") from error
        except asyncio.CancelledError:
            _throw_away(answer)
            raise
        finally:
            self._answer = None

    def _hear(self, message: Message | None, descriptors: list[int]) -> None:
        if message is None:
            self._hang_up()
        elif (
            self._answer is None
            or self._answer.done()
            or message.get("forked", _GREETING) != self._asked
        ):
            close_all(descriptors)  # too late: nobody waits for it any more
        else:
            self._answer.set_result((message, descriptors))

    def _hang_up(self) -> None:
        """Hear it no more; who waits for an answer is told."""
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(WorkerLost("the template has ended"))

    @property
    def _log(self) -> Path:
        return self._plan.folder / "template.log"


async def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for the end of a child of ours; the handle is readable once it has ended."""
    if process.poll() is not None:
        return True
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:  # where the host ignores SIGCHLD the kernel waits for its children
        return process.poll() is not None
    loop.add_reader(handle, _note, over)
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await over
    finally:
        loop.remove_reader(handle)
        os.close(handle)
    return process.poll() is not None


def _throw_away(answer: asyncio.Future[Answer]) -> None:
    """Close the descriptors of an answer that came as its asker gave up."""
    if answer.done() and not answer.cancelled() and answer.exception() is None:
        close_all(answer.result()[1])


def _note(over: asyncio.Future[None]) -> None:
    if not over.done():
        over.set_result(None)


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
