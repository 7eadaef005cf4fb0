"""What is said between the host, the fork servers and a run; nothing of the program passes by them.

The program itself stands in a descriptor that only the run's own process reads; so no server's
memory ever holds a program, and a later run can not find an earlier one in it.

    host -> template     {"fork": FOLDER, "uid": USER}      and the worker's control socket
    template -> host     {"forked": FOLDER}                 and a pidfd of the worker
    worker -> host       {"seat": N} / {"gone": N}          a process waits for a run; it died
    host -> worker       {"seat": true}                     make one more
    host -> worker       {"run": N, "bounds": BOUNDS}       and the run's five descriptors
    host -> worker       {"health": true}                   answered {"health": HEALTH}
    worker -> program    {"others": COUNT}                  and the first four of them
    worker -> host       {"started": true}                  and a pidfd of the program's process
    worker -> host       {"ended": ENDED} / {"failed": WHY}

What the program is told of others is how many threads its user has beside it, where the kernel
counts them together. The last two come on the run's own status socket.
"""

from __future__ import annotations

import array
import json
import os
import socket
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from tracemill_sandbox.request import Limits

MESSAGE_BYTES = 1 << 16
MOST_DESCRIPTORS = 5

Kind = Literal["program", "batch", "session"]
Cause = Literal["timeout", "memory", "output_limit", "killed"]
Message = dict[str, object]

_INT = array.array("i").itemsize
_CREDENTIALS = struct.Struct("3i")  # struct ucred of <sys/socket.h>: pid, uid, gid


@dataclass(frozen=True, kw_only=True)
class Job:
    """Descriptors of one run, in the order in which they are sent.

    Attributes:
        request: The orders, to be read to the end.
        result: Pipe of the results; of a session the socket of its first state.
        stdout: Pipe.
        stderr: Pipe.
        status: Socket on which the worker tells the host how the run goes.
    """

    request: int
    result: int
    stdout: int
    stderr: int
    status: int

    def descriptors(self) -> tuple[int, int, int, int, int]:
        """Return them in the order of sending."""
        return (self.request, self.result, self.stdout, self.stderr, self.status)


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What the worker watches over all processes of a run together.

    Attributes:
        wall_seconds: Real time of the whole run.
        memory_bytes: Private memory beyond what was preloaded.
        disk_bytes: Bytes in the run's folder, and of files that were removed but are still held.
        file_bytes: What the kernel lets one file be.
        processes: Processes and threads.
    """

    wall_seconds: float
    memory_bytes: int
    disk_bytes: int
    file_bytes: int
    processes: int


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What the worker saw of a run that is over; every process of it is dead.

    Attributes:
        wait_status: Of the program's process, as ``os.waitpid`` gives it.
        wall_seconds: Real time from the hand-over to the end.
        cpu_seconds: User and system time of the program's process and the children it waited for.
        peak_memory_bytes: Largest resident set of that process, preloaded libraries included.
        cause: Why the worker ended the run; None if it did not.
        reason: The same in words.
    """

    wait_status: int
    wall_seconds: float
    cpu_seconds: float
    peak_memory_bytes: int
    cause: Cause | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What the run's own process reads from the request's descriptor.

    Attributes:
        kind: How ``codes`` are carried out; a session begins without any.
        codes: Sources.
        outputs: Names wanted at the end of each.
        limits: The kernel's limits for the process.
        nonce: Begins each frame of the result channel.
        subprocess: Whether the program may start others.
    """

    kind: Kind
    codes: tuple[str, ...]
    outputs: tuple[str, ...]
    limits: Limits
    nonce: bytes
    subprocess: bool

    def to_bytes(self) -> bytes:
        """Return JSON; lone surrogates in the code survive."""
        return json.dumps(asdict(self) | {"nonce": self.nonce.hex()}).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Orders:
        """Read what ``to_bytes`` wrote; the host is trusted here."""
        values = json.loads(data)
        return cls(
            kind=values["kind"],
            codes=tuple(values["codes"]),
            outputs=tuple(values["outputs"]),
            limits=Limits(**values["limits"]),
            nonce=bytes.fromhex(values["nonce"]),
            subprocess=values["subprocess"],
        )


def send(to: socket.socket, message: Message, descriptors: Sequence[int] = ()) -> None:
    """Send one message with descriptors.

    Without any it is a plain ``send``: the filter refuses ``sendmsg`` to a session's own processes.

    Raises:
        OSError: if nobody listens, or the buffer of a non-blocking socket is full.
    """
    data = json.dumps(message).encode()
    if descriptors:
        socket.send_fds(to, [data], list(descriptors))
    else:
        to.send(data)


def receive(
    source: socket.socket, most_bytes: int = MESSAGE_BYTES
) -> tuple[Message, list[int]] | None:
    """Receive one message with its descriptors; None when the other side hung up.

    A message that is longer than ``most_bytes`` is none.

    Where the socket asks for credentials the message's ``pid`` is the sender's, as the kernel knows
    it and as this process counts; a ``pid`` that the sender wrote itself is not believed.

    Raises:
        OSError: as ``recvmsg``; BlockingIOError if a non-blocking socket has nothing.
        ValueError: if what came is no message; its descriptors are closed.
    """
    room = socket.CMSG_SPACE(_INT * MOST_DESCRIPTORS) + socket.CMSG_SPACE(_CREDENTIALS.size)
    try:
        data, ancillary, flags, _ = source.recvmsg(most_bytes, room, socket.MSG_CMSG_CLOEXEC)
    except ConnectionResetError:  # it hung up on a message of ours that it had not read yet
        return None
    received = array.array("i")
    pid: int | None = None
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            received.frombytes(content[: len(content) - len(content) % _INT])
        elif (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
            pid, _, _ = _CREDENTIALS.unpack(content)
    if not data:
        return None
    try:
        return _message(data, flags) | ({} if pid is None else {"pid": pid}), list(received)
    except ValueError:
        for descriptor in received:
            os.close(descriptor)
        raise


def _message(data: bytes, flags: int) -> Message:
    if flags & socket.MSG_TRUNC:
        raise ValueError("too long for a message")
    try:
        message = json.loads(data)
    except RecursionError as error:
        raise ValueError("too deep for a message") from error
    if not isinstance(message, dict):
        raise ValueError("wanted an object")  # noqa: TRY004 - what came is a value, not an argument
    return {key: value for key, value in message.items() if key != "pid"}
