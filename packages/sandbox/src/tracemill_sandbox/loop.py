"""An event loop in a thread of its own, for callers that block.

A caller may be interrupted anywhere, by a signal's handler or a finalizer that calls the same loop
in the same thread. So neither side waits for a lock that an interrupted caller may have, neither
one of ours nor one that all threads of a process share (see ``lasting`` and ``log``): what they
share is passed on in single steps.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import selectors
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from tracemill_sandbox.errors import PoolStopped
from tracemill_sandbox.lasting import LastingThreads
from tracemill_sandbox.log import LateLog, say_by
from tracemill_sandbox.report import leave_behind

T = TypeVar("T")

_END_SECONDS = 0.1
_FOR_EVER = -1.0


class Call(Generic[T]):
    """Work for the loop, of which one caller waits for the end.

    It is made before the work is handed over, so that a caller who is interrupted meanwhile has
    something to give up.
    """

    def __init__(self) -> None:
        self._over = threading.Lock()
        self._over.acquire()
        self._task: asyncio.Task[T] | None = None
        self._given_up = False

    def result(self, seconds: float = _FOR_EVER) -> T:
        """Wait for the end of the work and return what it returned.

        Raises:
            TimeoutError: if it takes longer.
            PoolStopped: if it was called off with the loop.
            BaseException: what the work raised.
        """
        if not self._over.acquire(timeout=seconds):
            raise TimeoutError
        self._over.release()
        if self._task is None or not self._task.done() or self._task.cancelled():
            raise PoolStopped
        return self._task.result()

    @property
    def has_begun(self) -> bool:
        """Whether the loop has taken the work."""
        return self._task is not None

    def give_up(self) -> None:
        """Call the work off; nothing happens if it has ended."""
        self._given_up = True
        if self._task is not None and not self._task.done():
            with contextlib.suppress(RuntimeError):  # the loop was closed
                self._task.get_loop().call_soon_threadsafe(self._task.cancel)

    def begin(self, work: Coroutine[None, None, T], ended: Callable[[Call[T]], None]) -> None:
        """Begin the work; called on the loop.

        Args:
            work: Does not even begin if it was given up meanwhile.
            ended: Called with this when it has ended.
        """
        self._task = asyncio.ensure_future(work)
        self._task.add_done_callback(_look)
        self._task.add_done_callback(lambda _: ended(self))
        if self._given_up:
            self._task.cancel()

    def tell(self) -> None:
        """Let the caller go on: the work has ended, or will not."""
        self._over.release()


class LoopThread:
    """An event loop that serves from its making until ``end``.

    Attributes:
        process: The process in which it does; a forked child has no such thread.
    """

    def __init__(self) -> None:
        self.process = os.getpid()
        # ``new_event_loop`` takes a lock of all threads. ``poll`` needs none of the epoll watches
        # that all processes of a user share, and of which a program may take many.
        self._loop = asyncio.SelectorEventLoop(selectors.PollSelector())
        self._loop.set_default_executor(LastingThreads())
        self._loop.set_exception_handler(_complain)
        self._log = LateLog()
        self._ends = False
        self._calls: set[Call[object]] = set()  # touched by the loop's thread only
        self._thread = threading.Thread(target=self._serve, name="tracemill-sandbox", daemon=True)
        try:
            self._log.start()
            self._thread.start()
        except BaseException:  # an interrupted start must not leave the thread behind
            self._end_soon()
            self._log.end()
            raise

    @property
    def is_this(self) -> bool:
        """Whether it is the loop's own thread that asks."""
        return threading.current_thread() is self._thread

    def submit(self, work: Coroutine[None, None, T], call: Call[T]) -> None:
        """Hand work over, of which ``call`` tells the end.

        Raises:
            PoolStopped: if the loop ends, or has ended.
        """
        try:
            self._loop.call_soon_threadsafe(self._begin, work, call)
        except RuntimeError:  # it is closed
            work.close()
            raise PoolStopped from None
        if self._ends:  # so what was handed over may be looked at no more
            if self._loop.is_closed() and not call.has_begun:
                work.close()
            raise PoolStopped

    def end(self) -> None:
        """End the loop and its threads; a second call does nothing."""
        self._end_soon()
        if not self.is_this:
            until = time.monotonic() + _END_SECONDS
            self._thread.join(_END_SECONDS)
            self._log.join(max(0.0, until - time.monotonic()))

    def _end_soon(self) -> None:
        self._ends = True
        with contextlib.suppress(RuntimeError):  # it is closed
            self._loop.call_soon_threadsafe(self._loop.stop)

    def _begin(self, work: Coroutine[None, None, T], call: Call[T]) -> None:
        self._calls.add(call)  # type: ignore[arg-type]  # of any type
        call.begin(work, self._ended)

    def _ended(self, call: Call[T]) -> None:
        self._calls.discard(call)
        call.tell()

    def _serve(self) -> None:
        self._log.serve_this_thread()
        self._loop.run_forever()
        self._loop.run_until_complete(_finish())
        self._loop.close()
        for call in self._calls:  # what could not be called off: nobody would ever tell
            call.tell()
        self._log.end()


def _complain(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what nobody was told, such as an error of a listener."""
    say_by(lambda: loop.default_exception_handler(context))


async def _finish() -> None:
    """Let calls that are on their way back arrive, and call off what hangs."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        _, hanging = await asyncio.wait(others, timeout=_END_SECONDS)
        for task in hanging:
            leave_behind(task)
        await asyncio.sleep(0)


def _look(task: asyncio.Task[T]) -> None:
    """Take note of how it ended; the loop complains of errors that nobody looked at."""
    if not task.cancelled():
        task.exception()
