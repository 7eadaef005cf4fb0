"""A message socket of the event loop, with descriptors; the host's side of ``inside/job.py``."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import weakref
from collections.abc import Callable, Sequence

from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.inside.job import Message, receive, send

_OURS: weakref.WeakSet[socket.socket] = weakref.WeakSet()
"""Sockets whose other side ends when they are hung up; see ``close_in_children``."""


class Channel:
    """Calls back for every message, and once with None when the other side hung up."""

    def __init__(
        self, end: socket.socket, heard: Callable[[Message | None, list[int]], None]
    ) -> None:
        self._end, self._heard = end, heard
        self._open = True
        close_in_children(end)
        end.setblocking(False)  # noqa: FBT003 - the standard library's own
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(end, self._hear)

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
            received = receive(self._end)
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
