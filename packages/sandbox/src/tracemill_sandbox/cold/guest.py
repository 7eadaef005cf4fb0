"""The program's side of a cold run; works on any POSIX system.

Started with the run's folder as working directory and the orders on stdin as
``python -s -P -B -X utf8 -m tracemill_sandbox.cold.guest CHANNEL``.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import NoReturn

from tracemill_sandbox.inside.job import Orders
from tracemill_sandbox.inside.program import run_program
from tracemill_sandbox.request import MIB, Limits

_RESERVE_BYTES = 64 * MIB
"""Memory that the runner may use above the program's limit to tell what happened."""


def main(channel: int) -> NoReturn:
    """Carry out the orders on stdin, hand over on the descriptor ``channel``, end the process."""
    leave = os._exit
    code = 1
    try:
        orders = Orders.from_bytes(sys.stdin.buffer.read())
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.set_inheritable(channel, False)  # noqa: FBT003 - the call knows no keyword
        limit(orders.limits)
        code = run_program(
            code=orders.codes[0],
            outputs=orders.outputs,
            room=orders.limits.result_bytes,
            nonce=orders.nonce,
            channel=channel,
        )
    finally:
        leave(code)


def limit(limits: Limits) -> None:
    """Set the limits that every POSIX system has; not all of them hold to the one on memory."""
    cpu = max(1, -int(-limits.cpu_seconds // 1))
    memory = limits.memory_bytes
    _cap(resource.RLIMIT_CPU, cpu, cpu + 1)
    _cap(resource.RLIMIT_DATA, memory, memory + _RESERVE_BYTES)
    _cap(resource.RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes)
    _cap(resource.RLIMIT_NOFILE, limits.open_files, limits.open_files)
    _cap(resource.RLIMIT_CORE, 0, 0)


def _cap(kind: int, soft: int, hard: int) -> None:
    _, allowed = resource.getrlimit(kind)
    if allowed != resource.RLIM_INFINITY:
        soft, hard = min(soft, allowed), min(hard, allowed)
    resource.setrlimit(kind, (soft, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]))
