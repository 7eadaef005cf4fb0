"""Threads for the blocking calls of an event loop, which share no lock with its callers.

A caller may be interrupted anywhere by a signal's handler that waits for the loop: in ``submit`` of
any ``ThreadPoolExecutor``, or in ``start`` of any ``Thread``. Each of these has one lock for the
whole process, which the interrupted caller has then, and none of which is taken here.
"""

from __future__ import annotations

from _thread import start_new_thread
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from queue import SimpleQueue
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MOST_THREADS = 32
"""As many as asyncio's own executor has at most: a folder that is slow to remove takes one."""


class LastingThreads(ThreadPoolExecutor):
    """Threads that serve on while the interpreter ends, for one event loop.

    The interpreter closes all pools of threads before it calls what ``atexit`` has; what ``stop``
    asks for then (folders to remove) is still done here. Of ``ThreadPoolExecutor`` it has nothing
    but the name, since asyncio takes nothing else.

    Args:
        most: Threads.
    """

    def __init__(self, most: int = MOST_THREADS) -> None:
        super().__init__(most)
        self._most, self._made = most, 0
        self._given: set[Future[object]] = set()  # touched by the loop's thread only
        self._works: SimpleQueue[Callable[[], None] | None] = SimpleQueue()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn`` in a thread, or at once where not one can be had."""
        future: Future[T] = Future()
        work = partial(_carry_out, future, partial(fn, *args, **kwargs))
        self._given = {one for one in self._given if not one.done()}
        self._given.add(future)  # type: ignore[arg-type]  # of any type
        if self._made < min(self._most, len(self._given)):
            try:
                start_new_thread(self._serve, ())
                self._made += 1
            except RuntimeError:
                if not self._made:
                    work()
                    return future
        self._works.put(work)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - the standard library's own
        """End the threads when they have done what was asked for; does not wait for that."""
        for _ in range(self._made):
            self._works.put(None)
        self._made = 0

    def _serve(self) -> None:
        while (work := self._works.get()) is not None:
            work()


def _carry_out(future: Future[T], work: Callable[[], T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - whatever it is, the caller is told
        future.set_exception(error)
    else:
        future.set_result(result)
