"""One cell of a session, from the host's side: a state of the session forks, the fork runs it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Collection
from pathlib import Path

from tracemill_sandbox.embedded.channel import Channel, close_all
from tracemill_sandbox.embedded.exchange import Capture, Cause
from tracemill_sandbox.embedded.handle import has_ended
from tracemill_sandbox.embedded.handover import make_pipes, socket_pair
from tracemill_sandbox.embedded.listen import Listener
from tracemill_sandbox.errors import SessionClosed, WorkerLost
from tracemill_sandbox.inside.job import Ended, Message, Orders
from tracemill_sandbox.kernel import proc
from tracemill_sandbox.request import Limits

_DEATH_SECONDS = 2.0
"""Time that a killed cell has to be gone, and the state before it to say so."""

_SILENT = "its processes did not answer"
"""A guest can stop, kill or deafen its own states: that is its time-out, and no fault of ours."""

_MOST_STATUS, _MOST = 0xFFFF, 1 << 53

_MOST_MESSAGE_BYTES = 512
"""Longest message of a state; that it tells of a death by four numbers takes a quarter of it."""


class State:
    """A process of the session that waits for cells; counts by how many sessions it is held.

    It is the guest's, so it is read only while somebody waits for what it says, and no more than it
    can have to say: that it is born, and for each cell that it was asked for that this died.

    Args:
        end: Our end of its socket.

    Attributes:
        pid: Its process id once it was born; None of the first state.
    """

    def __init__(self, end: socket.socket) -> None:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.holders = 1
        self.pid: int | None = None
        self._listeners: list[Callable[[Message | None], None]] = []
        self._to_say = 1
        self._channel = Channel(end, self._hear, most_bytes=_MOST_MESSAGE_BYTES, listens=False)

    def listen(self, listener: Callable[[Message | None], None]) -> None:
        """Have a listener called for each message, and with None when it is heard no more."""
        if not self._listeners:
            self._channel.resume()
        self._listeners.append(listener)

    def stop_listening(self, listener: Callable[[Message | None], None]) -> None:
        """Call a listener no more; without any, nothing is read."""
        self._listeners.remove(listener)
        if not self._listeners:
            self._channel.pause()

    def ask(self, number: int, cell: list[int]) -> None:
        """Send the number and the descriptors of a cell.

        Raises:
            SessionClosed: if the process is gone.
        """
        self._to_say += 1
        try:
            self._channel.send({"cell": number}, cell)
        except WorkerLost as error:
            raise SessionClosed("the process of its newest state is gone") from error

    def let_go(self) -> None:
        """Give up one hold; without any the process is hung up on, and ends."""
        self.holders -= 1
        if self.holders == 0:
            self.hang_up()

    def hang_up(self) -> None:
        """Have the process end, whoever holds it; a second call does nothing."""
        self._channel.close()

    def _hear(self, message: Message | None, descriptors: list[int]) -> None:
        close_all(descriptors)  # a state has nothing to give
        self._to_say -= 1
        if self._to_say < 0:
            self.hang_up()
            message = None
        for listener in tuple(self._listeners):
            listener(message)


class Cell:
    """Runs one cell on a state.

    Args:
        number: Tells it from other cells that ran on the same state.
        before: The state to fork.
        orders: With one code.
        limits: Of the session.
        give_up: Ends the session, for a reason; ``session_ended`` is to be called then.
        worker: Returns the id of the process below which all of the session's are.
    """

    def __init__(
        self,
        number: int,
        before: State,
        orders: Orders,
        limits: Limits,
        *,
        give_up: Callable[[str], None],
        worker: Callable[[], int | None],
    ) -> None:
        self._number = number
        self._loop = asyncio.get_running_loop()
        self._limits, self._give_up, self._worker = limits, give_up, worker
        self._silent = False
        self._handle = -1
        self._died: Ended | None = None
        self._cause: Cause | None = None
        self._reason = ""
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._began = time.monotonic()
        with contextlib.ExitStack() as given, contextlib.ExitStack() as kept:
            pipes, ends = make_pipes(given, kept, orders)
            ours, theirs = socket_pair(given, kept)
            self._listener = Listener(
                pipes,
                limits,
                orders.nonce,
                on_answer=self._finish,
                on_flood=lambda reason: self._end("output_limit", reason),
            )
            self.after = State(ours)
            kept.pop_all()
            self._before = before
            given_away = [ends.request, ends.result, ends.stdout, ends.stderr, theirs.fileno()]
            try:
                before.ask(number, given_away)
            except SessionClosed:
                self._listener.close(drain=False)
                self.after.let_go()
                raise
        self.after.listen(self._hear_after)
        before.listen(self._hear_before)
        self._timer = self._loop.call_later(
            limits.wall_seconds, self._end, "timeout", _late(limits)
        )

    @property
    def moved_on(self) -> bool:
        """Whether the cell's process lives on as the next state."""
        return self._died is None and self._cause is None

    async def carry_out(self) -> Capture:
        """Wait for its end.

        Raises:
            SessionClosed: if the session's processes are gone.
            WorkerLost: if the cell could not be ended, nor its session.
        """
        try:
            await asyncio.shield(self._over)
        except asyncio.CancelledError:
            self._end("cancelled", "its caller gave it up")
            with contextlib.suppress(WorkerLost, SessionClosed):
                await self._over
            raise
        finally:
            self._timer.cancel()
            self._before.stop_listening(self._hear_before)
            self.after.stop_listening(self._hear_after)
            ended = self._ended()
            self._listener.close(drain=True)
            if self._handle >= 0:
                os.close(self._handle)
                self._handle = -1
            if not self.moved_on:
                self.after.let_go()
        return Capture(
            stdout=self._listener.stdout,
            stderr=self._listener.stderr,
            result_bytes=self._listener.result_bytes,
            answers=tuple(self._listener.answers[:1]),
            ended=ended,
            cause=self._cause,
            reason=self._reason,
        )

    def session_ended(self, running: asyncio.Future[Capture]) -> None:
        """Note that every process of the session is gone, or that its worker is lost."""
        if self._over.done():
            return
        lost = None if running.cancelled() else running.exception()
        if not self._silent:
            self._over.set_exception(SessionClosed("its processes are gone"))
        elif lost is not None:
            self._over.set_exception(WorkerLost(str(lost)))
        else:
            self._over.set_result(None)

    def _hear_after(self, message: Message | None) -> None:
        # Hanging up says nothing: the state before tells of a death, the session of its end.
        if message is not None and self.after.pid is None:
            pid = message.get("pid")  # the kernel's word, see ``receive``
            self.after.pid = pid if isinstance(pid, int) else 0
            above = {one for one in (self._before.pid, self._worker()) if one}
            self._handle = _handle_below(self.after.pid, above)
            if self._cause is not None:
                self._kill()

    def _hear_before(self, message: Message | None) -> None:
        if message is not None and message.get("died") == self._number:
            self._died = _death(message, time.monotonic() - self._began)
            if self._died is not None:
                self._finish()

    def _finish(self) -> None:
        if not self._over.done():
            self._over.set_result(None)

    def _end(self, cause: Cause, reason: str) -> None:
        if self._cause is not None or self._over.done():
            return
        self._cause, self._reason = cause, reason
        self._timer.cancel()
        self._timer = self._loop.call_later(_DEATH_SECONDS, self._no_answer)
        self._kill()

    def _kill(self) -> None:
        if self._handle >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def _no_answer(self) -> None:
        """End the session with the cell: neither its birth nor its death was told."""
        if not self._over.done():
            self._silent = True
            self._reason += f"; {_SILENT}, so the session was ended"
            self._give_up(_SILENT)

    def _ended(self) -> Ended:
        if self._died is not None:
            return self._died
        wall = time.monotonic() - self._began
        if self._silent:
            return Ended(
                wait_status=signal.SIGKILL, wall_seconds=wall, cpu_seconds=0.0, peak_memory_bytes=0
            )
        code = self._listener.answers[0].exit_code if self._listener.answers else 0
        cpu, peak = _used(self.after.pid or 0)
        if self._handle < 0 or has_ended(self._handle):  # then this is another's, or nobody's
            cpu, peak = 0.0, 0
        return Ended(
            wait_status=code << 8, wall_seconds=wall, cpu_seconds=cpu, peak_memory_bytes=peak
        )


def _death(message: Message, wall: float) -> Ended | None:
    """Return how a cell died, as the state before it tells; None if that is no such story."""
    status, cpu, peak = (
        message.get(key) for key in ("wait_status", "cpu_seconds", "peak_memory_bytes")
    )
    if not (isinstance(status, int) and isinstance(cpu, float | int) and isinstance(peak, int)):
        return None
    if not (0 <= status <= _MOST_STATUS and 0 <= cpu <= _MOST and 0 <= peak <= _MOST):
        return None
    return Ended(
        wait_status=status, wall_seconds=wall, cpu_seconds=float(cpu), peak_memory_bytes=peak
    )


def _late(limits: Limits) -> str:
    return f"still running after {limits.wall_seconds:g} s"


def _handle_below(pid: int, above: Collection[int]) -> int:
    """Return a handle of a process that lives below one of some, -1 if there is none such.

    Who told its id may have ended since, and the id be a stranger's by now.
    """
    try:
        handle = os.pidfd_open(pid)
    except (OSError, ValueError):  # it has ended, or is in no sight
        return -1
    if not proc.is_below(pid, above) or has_ended(handle):
        os.close(handle)
        return -1
    return handle


def _used(pid: int) -> tuple[float, int]:
    """Return processor seconds and peak resident bytes of a process that lives; zeros if not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        status = Path(f"/proc/{pid}/status").read_bytes().split(b"\n")
    except OSError:
        return 0.0, 0
    ticks = sum(map(int, stat[11:15]))  # utime, stime, and those of waited-for children
    peak = next((line.split()[1] for line in status if line.startswith(b"VmHWM:")), b"0")
    return ticks / os.sysconf("SC_CLK_TCK"), int(peak) << 10
