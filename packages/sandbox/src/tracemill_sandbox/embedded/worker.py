"""A worker of the embedded backend, from the host's side: hands runs over, and follows them."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import secrets
import select
import signal
import socket
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tracemill_sandbox.embedded import verdict
from tracemill_sandbox.embedded.cell import State
from tracemill_sandbox.embedded.channel import Channel, close_all
from tracemill_sandbox.embedded.clear import Bin, remains, removal
from tracemill_sandbox.embedded.exchange import Exchange
from tracemill_sandbox.embedded.handover import make_pipes, socket_pair
from tracemill_sandbox.embedded.seat import Clock, Seat
from tracemill_sandbox.embedded.session import EmbeddedSession, Root
from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.inside import folder as run_folder
from tracemill_sandbox.inside.frame import NONCE_BYTES
from tracemill_sandbox.inside.job import Bounds, Kind, Message, Orders
from tracemill_sandbox.inside.session import MOST_STATES
from tracemill_sandbox.request import BatchRequest, RunRequest, SessionRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.worker import Greeting, Health, StopFailure

if TYPE_CHECKING:
    from tracemill_sandbox.embedded.backend import EmbeddedBackend

_SEAT_SECONDS = 20.0
_PING_SECONDS = 2.0
_VERIFY_SECONDS = 0.5


class EmbeddedWorker:
    """A fork of the template that carries one thing at a time; see ``worker.Worker``."""

    def __init__(self, backend: EmbeddedBackend, worker_id: str) -> None:
        self.worker_id = worker_id
        self._backend = backend
        self._uid = backend.take_user()
        self._greeting: Greeting | None = None
        self._folder: Path | None = None
        self._control: Channel | None = None
        self._handle = -1
        self._seats: deque[int] = deque()
        self._seated = asyncio.Event()
        self._health: asyncio.Future[Health] | None = None
        self._lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waste = Bin(worker_id, self._spoil)
        self._taken = False
        self._spoilt = ""

    @property
    def greeting(self) -> Greeting:
        """Return what it said at its start."""
        if self._greeting is None:
            raise WorkerLost(f"worker {self.worker_id} has not started")
        return self._greeting

    @property
    def pid(self) -> int | None:
        """Return the process id of the worker; None before the start and after the end."""
        return None if self._handle < 0 else _pid_of(self._handle)

    async def start(self) -> Greeting:
        """Have it forked, and wait until it has a seat for a run."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = Channel(ours, self._hear)
        with theirs:
            try:
                self._folder = self._backend.new_folder(self.worker_id, self._uid)
            except OSError as error:
                raise WorkerLost(f"worker {self.worker_id} has no folder: {error}") from error
            self._handle, self._greeting = await self._backend.fork(self._folder, self._uid, theirs)
        asyncio.get_running_loop().add_reader(self._handle, self._lose, "its process has ended")
        self._seats.append(await self._next_seat())
        return self._greeting

    async def run(self, request: RunRequest) -> RunResult:
        """Run one program; see ``Worker.run``."""
        limits = request.limits
        orders = _orders("program", (request.code,), request)
        async with self._seat(request.files) as seat:
            exchange = self._hand_over(seat, orders, wall=limits.wall_seconds)
            capture = await exchange.carry_out()
            left = await asyncio.to_thread(seat.look, request.keep, limits.kept_bytes)
        return verdict.of_program(self._stamp(), capture, limits, left)

    async def run_batch(self, request: BatchRequest) -> tuple[RunResult, ...]:
        """Run snippets in one process; see ``Worker.run_batch``."""
        limits, count = request.limits, len(request.codes)
        orders = _orders("batch", request.codes, request)
        async with self._seat(request.files) as seat:
            clock = Clock(limits.wall_seconds)
            wall = limits.wall_seconds * count
            exchange = self._hand_over(seat, orders, wall=wall, on_progress=clock.step)
            clock.start(exchange, count)
            try:
                capture = await exchange.carry_out()
            finally:
                clock.stop()
            left = await asyncio.to_thread(seat.look, (), 0)
        return verdict.of_batch(
            self._stamp(), capture, limits, left, count=count, walls=clock.walls
        )

    async def open_session(self, request: SessionRequest) -> EmbeddedSession:
        """Begin a session; see ``Worker.open_session``."""
        ready: asyncio.Future[EmbeddedSession] = asyncio.get_running_loop().create_future()
        self._session = asyncio.ensure_future(self._hold_session(request, ready))
        self._session.add_done_callback(functools.partial(_give_up, ready))
        try:
            return await ready
        except asyncio.CancelledError:
            if ready.done() and not ready.cancelled() and ready.exception() is None:
                await ready.result().close()
            await asyncio.wait({self._session})
            raise

    async def _hold_session(
        self, request: SessionRequest, ready: asyncio.Future[EmbeddedSession]
    ) -> None:
        """Keep a session's seat until its processes are gone, then clear it away."""
        async with self._seat(request.files) as seat:
            with contextlib.ExitStack() as given:
                ours, theirs = socket_pair(given)
                orders = _orders("session", (), request)
                exchange = self._hand_over(seat, orders, wall=request.seconds, state=theirs)
            root = Root(exchange, seat.folder, request.limits, self._stamp)
            session = EmbeddedSession(root, [State(ours)])
            if ready.cancelled():
                await session.close()
                return
            ready.set_result(session)
            await root.wait()

    async def ping(self) -> Health:
        """Ask how it is; see ``Worker.ping``."""
        if self._health is None:
            self._say({"health": True})
            self._health = asyncio.get_running_loop().create_future()
            self._health.add_done_callback(asyncio.Future.exception)  # nobody may wait any more
        try:
            async with asyncio.timeout(_PING_SECONDS):
                return await asyncio.shield(self._health)
        except TimeoutError as error:
            raise WorkerLost(
                f"worker {self.worker_id} did not answer for {_PING_SECONDS:g} s"
            ) from error

    async def wait_lost(self) -> str:
        """Wait until it has ended by itself; see ``Worker.wait_lost``."""
        return await asyncio.shield(self._lost)

    def kill(self) -> None:
        """End it and all that it runs."""
        if self._handle >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    async def stop(self, grace: float) -> tuple[StopFailure, ...]:
        """Hang up, wait, kill, remove, look whether all went; see ``Worker.stop``."""
        if self._control is not None:
            self._control.close()
        failures: tuple[StopFailure, ...] = ()
        if self._handle >= 0:
            if not await self._gone(grace):
                self.kill()
                if not await self._gone(_VERIFY_SECONDS):
                    text = f"process {self.pid} does not end"
                    failures += (remains(self.worker_id, "kill", text),)
            asyncio.get_running_loop().remove_reader(self._handle)
            os.close(self._handle)
            self._handle = -1
        self._lose("it was stopped")
        folder, self._folder = self._folder, None
        if folder is not None:
            await self._waste.settle(_VERIFY_SECONDS)
            failures += await removal(folder, self.worker_id)
        self._backend.give_user_back(self._uid)
        return failures

    async def _gone(self, seconds: float) -> bool:
        """Wait for the end of its process, which the handle tells."""
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        loop.add_reader(self._handle, ended.set)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await ended.wait()
        loop.remove_reader(self._handle)
        return bool(select.select([self._handle], [], [], 0)[0])

    @contextlib.asynccontextmanager
    async def _seat(self, files: Mapping[str, bytes]) -> AsyncIterator[Seat]:
        """Take a seat with the files laid out; its folder is removed at the end, or soon after."""
        if self._folder is None:
            raise WorkerLost(f"worker {self.worker_id} is stopped")
        await self._waste.room()
        number = await self._next_seat()
        folder = self._folder / str(number)
        self._taken = True
        try:
            run_folder.lay_out(folder, files, uid=self._uid)
            yield Seat(number=number, folder=folder)
        except OSError as error:
            raise WorkerLost(f"worker {self.worker_id}: {error}") from error
        finally:
            self._taken = False
            if self._spoilt:
                self._retire()
            await self._waste.take(folder)

    def _spoil(self, reason: str) -> None:
        """Note that the disk is not freed; what runs meanwhile may end."""
        self._spoilt = self._spoilt or reason
        if not self._taken:
            self._retire()

    def _retire(self) -> None:
        """Be of no more use, before what stays of one run after the other fills the disk."""
        self._lose(f"its disk is not freed: {self._spoilt}")

    async def _next_seat(self) -> int:
        """Return a seat that waits for a run, asking for one if there is none."""
        if not self._seats and self._backend.spares == 0:
            self._say({"seat": True})
        try:
            async with asyncio.timeout(_SEAT_SECONDS):
                while not self._seats:
                    self._seated.clear()
                    await self._seated.wait()
                    if self._lost.done():
                        raise WorkerLost(f"worker {self.worker_id}: {self._lost.result()}")
        except TimeoutError as error:
            raise WorkerLost(f"worker {self.worker_id} made no seat for a run") from error
        return self._seats.popleft()

    def _hand_over(
        self,
        seat: Seat,
        orders: Orders,
        *,
        wall: float,
        on_progress: Callable[[], None] = lambda: None,
        state: socket.socket | None = None,
    ) -> Exchange:
        bounds = Bounds(
            wall_seconds=wall,
            memory_bytes=orders.limits.memory_bytes,
            disk_bytes=orders.limits.disk_bytes,
            file_bytes=orders.limits.file_bytes,
            processes=orders.limits.processes + (MOST_STATES if state is not None else 0),
        )
        with contextlib.ExitStack() as given:
            pipes, ends = make_pipes(given, orders)
            status, theirs = socket_pair(given)
            exchange = Exchange(
                status=status,
                pipes=pipes,
                limits=orders.limits,
                nonce=orders.nonce,
                wall_seconds=wall,
                on_progress=on_progress,
                frames=len(orders.codes),
            )
            result = ends.result if state is None else state.fileno()
            given_away = (ends.request, result, ends.stdout, ends.stderr, theirs.fileno())
            try:
                self._say({"run": seat.number, "bounds": asdict(bounds)}, given_away)
            except WorkerLost:
                exchange.close()
                raise
        return exchange

    def _say(self, message: Message, descriptors: tuple[int, ...] = ()) -> None:
        if self._control is None:
            raise WorkerLost(f"worker {self.worker_id} has not started")
        try:
            self._control.send(message, descriptors)
        except WorkerLost as error:
            raise WorkerLost(f"worker {self.worker_id}: {error}") from error

    def _hear(self, message: Message | None, descriptors: list[int]) -> None:
        close_all(descriptors)  # a worker gives none
        if message is None:
            self._lose("it hung up")
        elif "seat" in message:
            self._seats.append(int(str(message["seat"])))
            self._seated.set()
        elif "gone" in message:
            with contextlib.suppress(ValueError):
                self._seats.remove(int(str(message["gone"])))
        elif self._health is not None:
            self._health.set_result(Health(**message["health"]))  # type: ignore[arg-type]  # ours
            self._health = None

    def _lose(self, reason: str) -> None:
        if not self._lost.done():
            self._lost.set_result(reason)
            self._seated.set()
        if self._health is not None and not self._health.done():
            self._health.set_exception(WorkerLost(f"worker {self.worker_id}: {reason}"))
        if self._handle >= 0:
            asyncio.get_running_loop().remove_reader(self._handle)

    def _stamp(self) -> verdict.Stamp:
        return verdict.Stamp(
            run_id=secrets.token_hex(16),
            worker_id=self.worker_id,
            backend=self._backend.name,
            tier=self.greeting.tier,
        )


def _give_up(ready: asyncio.Future[EmbeddedSession], session: asyncio.Task[None]) -> None:
    """Tell who waits for a session why there is none."""
    error = None if session.cancelled() else session.exception()
    if not ready.done():
        ready.set_exception(error or WorkerLost("the session was given up"))


def _orders(
    kind: Kind, codes: tuple[str, ...], request: RunRequest | BatchRequest | SessionRequest
) -> Orders:
    return Orders(
        kind=kind,
        codes=codes,
        outputs=() if isinstance(request, SessionRequest) else request.outputs,
        limits=request.limits,
        nonce=secrets.token_bytes(NONCE_BYTES),
        subprocess=isinstance(request, SessionRequest) or request.subprocess,
    )


def _pid_of(handle: int) -> int | None:
    """Return the process id that a pidfd stands for; None once the process has ended."""
    fields = Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines()
    pid = next(int(line.split()[1]) for line in fields if line.startswith("Pid:"))
    return pid if pid > 0 else None
