"""A worker of the embedded backend, from the host's side: hands runs over, and follows them."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import secrets
import signal
import socket
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tracemill_sandbox.embedded import verdict
from tracemill_sandbox.embedded.cell import State
from tracemill_sandbox.embedded.channel import Channel, close_all
from tracemill_sandbox.embedded.clear import remains
from tracemill_sandbox.embedded.exchange import Capture, Exchange
from tracemill_sandbox.embedded.handle import has_ended, pid_of
from tracemill_sandbox.embedded.handover import make_pipes, orders_of, socket_pair
from tracemill_sandbox.embedded.seat import Clock, Seat
from tracemill_sandbox.embedded.session import EmbeddedSession, Root
from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.inside import folder as run_folder
from tracemill_sandbox.inside.job import Bounds, Message, Orders
from tracemill_sandbox.inside.session import MOST_STATES
from tracemill_sandbox.request import BatchRequest, RunRequest, SessionRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.worker import Greeting, Health, StopFailure

if TYPE_CHECKING:
    from tracemill_sandbox.embedded.backend import EmbeddedBackend

_SEAT_SECONDS = 20.0
_PING_SECONDS = 2.0
_VERIFY_SECONDS = 0.5
_REMOVAL_SECONDS = 0.9
"""Beyond the grace, for its end and its folders; a little less than stopping may take."""


class EmbeddedWorker:
    """A fork of the template that carries one thing at a time; see ``worker.Worker``."""

    def __init__(self, backend: EmbeddedBackend, worker_id: str) -> None:
        self.worker_id = worker_id
        self._backend = backend
        self._uid = -1
        self._greeting: Greeting | None = None
        self._folder: Path | None = None
        self._yard: Path | None = None
        self._control: Channel | None = None
        self._handle = -1
        self._seats: deque[int] = deque()
        self._seated = asyncio.Event()
        self._health: asyncio.Future[Health] | None = None
        self._lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waste = backend.new_bin(worker_id, self._spoil)
        self._taken = False
        self._spent = False
        """Whether the seat that is taken can not be given back."""
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
        return None if self._handle < 0 else pid_of(self._handle)

    async def start(self) -> Greeting:
        """Have it forked, and wait until it has a seat for a run."""
        try:
            theirs = self._settle_in()
        except OSError as error:
            raise WorkerLost(f"worker {self.worker_id} has no place: {error}") from error
        with theirs:
            assert self._folder is not None  # noqa: S101 - it has just been made
            self._handle, self._greeting = await self._backend.fork(self._folder, self._uid, theirs)
        asyncio.get_running_loop().add_reader(self._handle, self._lose, "its process has ended")
        self._seats.append(await self._next_seat())
        return self._greeting

    def _settle_in(self) -> socket.socket:
        """Take a user, folders and a control socket; return the worker's end of that.

        Raises:
            OSError: if the disk refuses, or there are no more descriptors.
        """
        self._uid = self._backend.take_user()
        self._folder = self._backend.new_folder(self.worker_id, self._uid)
        self._yard = self._backend.new_folder(f"{self.worker_id}-gone", os.getuid())
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = Channel(ours, self._hear)
        return theirs

    async def run(self, request: RunRequest) -> RunResult:
        """Run one program; see ``Worker.run``."""
        limits = request.limits
        orders = orders_of("program", (request.code,), request)
        async with self._seat(request.files) as seat:
            exchange = self._hand_over(seat, orders, wall=limits.wall_seconds)
            capture = await self._followed(exchange)
            left = await asyncio.to_thread(seat.look, request.keep, limits.kept_bytes)
        return verdict.of_program(self._stamp(), capture, limits, left)

    async def run_batch(self, request: BatchRequest) -> tuple[RunResult, ...]:
        """Run snippets in one process; see ``Worker.run_batch``."""
        limits, count = request.limits, len(request.codes)
        orders = orders_of("batch", request.codes, request)
        async with self._seat(request.files) as seat:
            clock = Clock(limits.wall_seconds)
            wall = limits.wall_seconds * count
            exchange = self._hand_over(seat, orders, wall=wall, on_progress=clock.step)
            clock.start(exchange)
            try:
                capture = await self._followed(exchange)
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
            with contextlib.ExitStack() as given, contextlib.ExitStack() as kept:
                ours, theirs = socket_pair(given, kept)
                orders = orders_of("session", (), request)
                exchange = self._hand_over(seat, orders, wall=request.seconds, state=theirs)
                root = Root(
                    exchange,
                    seat.folder,
                    request.limits,
                    self._stamp,
                    self._session,
                    worker=lambda: self.pid,
                )
                session = EmbeddedSession(root, [root.keep(State(ours))], is_whole=True)
                kept.pop_all()
            if ready.cancelled():
                root.end_soon()
            else:
                ready.set_result(session)
            await root.wait()
            self._mistrust(exchange)

    async def _followed(self, exchange: Exchange) -> Capture:
        try:
            return await exchange.carry_out()
        finally:
            self._mistrust(exchange)

    def _mistrust(self, exchange: Exchange) -> None:
        """Be of no more use if a run was lost that may still live, beside the next one."""
        if exchange.runs_on:
            self._lose("a run that was lost may still live")

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
        """Hang up, wait, kill, remove, look whether all went; see ``Worker.stop``.

        Folders that take longer than there is time go on being removed, until the backend closes.
        """
        until = time.monotonic() + grace + _REMOVAL_SECONDS
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
        folders = [folder for folder in (self._folder, self._yard) if folder is not None]
        self._folder = self._yard = None
        failures += await self._waste.take_all(folders, max(0.0, until - time.monotonic()))
        if self._waste.is_empty:  # else a run of the same user could look up what stays
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
        return has_ended(self._handle)

    @contextlib.asynccontextmanager
    async def _seat(self, files: Mapping[str, bytes]) -> AsyncIterator[Seat]:
        """Take a seat with the files laid out; its folder is removed at the end, or soon after.

        A seat that got no run stays for the next one.
        """
        if self._folder is None or self._yard is None:
            raise WorkerLost(f"worker {self.worker_id} is stopped")
        if self._taken:
            raise WorkerLost(f"worker {self.worker_id} still carries something else")
        yard = self._yard
        await self._waste.room()
        number = await self._next_seat()
        seat = Seat(number=number, folder=self._folder / str(number))
        self._taken, self._spent = True, False
        try:
            await self._lay_out(seat, files)
            yield seat
        except OSError as error:
            raise WorkerLost(f"worker {self.worker_id}: {error}") from error
        finally:
            self._taken = False
            if self._spoilt:
                self._retire()
            if self._spent:
                await self._waste.take(seat.folder, yard)
            else:
                await self._give_back(seat)

    async def _lay_out(self, seat: Seat, files: Mapping[str, bytes]) -> None:
        """Write the files without keeping others waiting; a cancelled call has written all."""
        if files:
            work = asyncio.to_thread(run_folder.lay_out, seat.folder, files, uid=self._uid)
            await _to_its_end(work)

    async def _give_back(self, seat: Seat) -> None:
        """Make a seat that got no run ready for another."""
        try:
            await _to_its_end(asyncio.to_thread(run_folder.empty, seat.folder))
        except OSError as error:
            self._lose(f"seat {seat.number} can not be used again: {error}")
        if not self._spent:
            self._seats.appendleft(seat.number)

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
        with contextlib.ExitStack() as given, contextlib.ExitStack() as kept:
            pipes, ends = make_pipes(given, kept, orders)
            status, theirs = socket_pair(given, kept)
            exchange = Exchange(
                status=status,
                pipes=pipes,
                limits=orders.limits,
                nonce=orders.nonce,
                wall_seconds=wall,
                on_progress=on_progress,
                frames=len(orders.codes),
            )
            kept.pop_all()
            result = ends.result if state is None else state.fileno()
            given_away = (ends.request, result, ends.stdout, ends.stderr, theirs.fileno())
            try:
                self._say({"run": seat.number, "bounds": asdict(bounds)}, given_away)
            except WorkerLost:
                exchange.close()
                raise
        self._spent = True
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
            try:
                self._seats.remove(int(str(message["gone"])))
            except ValueError:  # it is the one that is taken
                self._spent = True
        elif self._health is not None and not self._health.done():
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


async def _to_its_end(work: Coroutine[None, None, None]) -> None:
    """Await work of a thread, which goes on when it is called off: then wait until it is over."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
