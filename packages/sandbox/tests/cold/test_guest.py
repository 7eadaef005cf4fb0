"""The program's side of a cold run: its limits and its channel."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tracemill_sandbox.inside.frame import NONCE_BYTES, Reader
from tracemill_sandbox.inside.job import Orders
from tracemill_sandbox.request import MIB, Limits

NONCE = b"n" * NONCE_BYTES
LIMITS = """
import resource
kinds = ("CPU", "DATA", "FSIZE", "NOFILE", "CORE")
soft = [resource.getrlimit(getattr(resource, "RLIMIT_" + kind))[0] for kind in kinds]
"""

pytestmark = pytest.mark.sandbox


def carry_out(code: str, limits: Limits, *outputs: str) -> tuple[int, dict[str, object]]:
    """Start the guest as its host does, with stdout as its channel."""
    orders = Orders(
        kind="program",
        codes=(code,),
        outputs=outputs,
        limits=limits,
        nonce=NONCE,
        subprocess=True,
    )
    command = [sys.executable, "-s", "-P", "-B", "-m", "tracemill_sandbox.cold.guest", "1"]
    ended = subprocess.run(
        command, input=orders.to_bytes(), capture_output=True, check=False, timeout=30
    )
    (payload,) = Reader(NONCE).feed(ended.stdout)
    return ended.returncode, {said.name: said.value for said in payload.outputs}


def test_the_limits_that_every_posix_system_has_are_set() -> None:
    limits = Limits(cpu_seconds=2.5, memory_bytes=512 * MIB, file_bytes=MIB, open_files=64)
    code, outputs = carry_out(LIMITS, limits, "soft")
    assert (code, outputs["soft"]) == (0, [3, 512 * MIB, MIB, 64, 0])


def test_the_orders_are_gone_from_stdin_when_the_program_starts() -> None:
    code, outputs = carry_out("import sys, os\nleft = sys.stdin.read()", Limits(), "left")
    assert (code, outputs) == (0, {"left": ""})


def test_the_exit_code_of_the_program_is_that_of_its_process() -> None:
    code, _ = carry_out("raise SystemExit(7)", Limits())
    assert code == 7
