from __future__ import annotations

import os

import pytest

from tracemill_sandbox import seccomp
from tracemill_sandbox.pool import SandboxPool
from tracemill_sandbox.request import RunRequest


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers below are x86-64's")
@pytest.mark.parametrize(
    ("call", "number"),
    [
        ("425, 8, 0", 38),  # io_uring_setup
        ("101, 16, 1, 0, 0", 1),  # ptrace
        ("272, 0x10000000", 1),  # unshare
        ("56, 0x10000000, 0, 0, 0, 0", 1),  # clone into a user namespace
        ("435, 0, 0", 38),  # clone3
        ("41, 1, 1, 0", 1),  # socket of the unix family
        ("41, 16, 3, 0", 1),  # netlink
        ("53, 1, 2, 0, 0", 1),  # datagram pair
        ("0x40000027", 1),  # getpid by the x32 numbers
    ],
)
def test_refused_calls_fail_and_the_program_goes_on(
    pool: SandboxPool, call: str, number: int
) -> None:
    code = (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        f"code = libc.syscall({call})\nnumber = ctypes.get_errno()\n"
    )
    result = pool.run(RunRequest(code=code, outputs=("code", "number")))
    assert seccomp.known_machine()
    assert (result.output("code"), result.output("number")) == (-1, number)


def test_pairs_of_sockets_and_threads_still_work(pool: SandboxPool) -> None:
    code = (
        "import asyncio, threading\nseen = []\n"
        "async def main(): seen.append(await asyncio.to_thread(lambda: 1))\nasyncio.run(main())\n"
    )
    assert pool.run(RunRequest(code=code, outputs=("seen",))).output("seen") == [1]
