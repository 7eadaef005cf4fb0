"""A message socket of the event loop, with descriptors; the host's side of ``inside/job.py``."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import weakref
from collections.abc import Callable, Sequence

from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.inside.job import MESSAGE_BYTES, Message, receive, send

_OURS: weakref.WeakSet[socket.socket] = weakref.WeakSet()
"""Sockets whose other side ends when they are hung up; see ``close_in_children``."""


class Channel:
    """Calls back for every message, and once with None when the other side hung up.

    Args:
        end: Our end of the socket; a message each is what it carries.
        heard: Called with a message and its descriptors.
        most_bytes: Longest message; on whoever sends a longer one is hung up.
        listens: Whether it does from the beginning, or ``resume`` begins it.
    """

    def __init__(
        self,
        end: socket.socket,
        heard: Callable[[Message | None, list[int]], None],
        *,
        most_bytes: int = MESSAGE_BYTES,
        listens: bool = True,
    ) -> None:
        self._end, self._heard, self._most_bytes = end, heard, most_bytes
        self._open = True
        close_in_children(end)
        end.setblocking(False)  # noqa: FBT003 - the standard library's own
        self._loop = asyncio.get_running_loop()
        if listens:
            self.resume()

    def resume(self) -> None:
        """Listen; what was said meanwhile is heard now."""
        if self._open:
            self._loop.add_reader(self._end, self._hear)

    def pause(self) -> None:
        """Listen no more until ``resume``; the other side waits when the socket is full."""
        if self._open:
            self._loop.remove_reader(self._end)

    def send(self, message: Message, descriptors: Sequence[int] = ()) -> None:
        """Send one message.

        Raises:
            WorkerLost: if nobody listens.
        """
        if not self._open:
            raise WorkerLost("it has ended")
        try:
            send(self._end, message, descriptors)
        except OSError as error:
            raise WorkerLost(f"it does not listen: {error.strerror}") from error

    def close(self) -> None:
        """Hang up; nothing is heard any more."""
        if self._open:
            self._open = False
            if self._end.fileno() >= 0:  # else it was closed in this child of the host
                self._loop.remove_reader(self._end)
                self._end.close()

    def _hear(self) -> None:
        """Take one message; a side that talks without end can not keep the loop from others."""
        try:
            received = receive(self._end, self._most_bytes)
        except BlockingIOError:
            return
        except (OSError, ValueError):
            received = None
        if received is None:
            self.close()
            self._heard(None, [])
        else:
            self._heard(*received)


def close_in_children(end: socket.socket) -> None:
    """Have a socket closed in every child that this process forks.

    A copy of it would keep the other side from seeing that this process has ended.
    """
    _OURS.add(end)


def _close_ours() -> None:
    for end in list(_OURS):
        end.close()


os.register_at_fork(after_in_child=_close_ours)


def close_all(descriptors: Sequence[int]) -> None:
    """Close descriptors that came with a message and are not wanted."""
    for descriptor in descriptors:
        with contextlib.suppress(OSError):
            os.close(descriptor)
