"""Processes below one, and what they use: looked at from outside, on ordinary children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tracemill_sandbox import census
from tracemill_sandbox.census import Process

PARENT = (
    "import os, subprocess, sys\n"
    "child = subprocess.Popen(['sleep', '60'])\n"
    "print(child.pid, flush=True)\n"
    "sys.stdin.read()\n"
    "child.kill()\n"
    "child.wait()\n"
)
Start = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts Python with a program; it is ended by the end of its stdin."""
    begun: list[subprocess.Popen[bytes]] = []

    def start(code: str) -> subprocess.Popen[bytes]:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        begun.append(subprocess.Popen([sys.executable, "-c", code], **pipes))
        return begun[-1]

    yield start
    for process in begun:
        process.communicate(timeout=10)


def found(pid: int) -> Process:
    return next(process for process in census.below(os.getpid()) if process.pid == pid)


def test_children_of_children_are_below_and_oneself_is_not(start: Start) -> None:
    parent = start(PARENT)
    assert parent.stdout is not None
    grandchild = int(parent.stdout.readline())
    assert found(parent.pid).parent == os.getpid()
    assert found(grandchild).parent == parent.pid
    assert os.getpid() not in {process.pid for process in census.below(os.getpid())}
    assert [process.pid for process in census.below(parent.pid)] == [grandchild]


def test_a_process_that_ended_does_not_live_though_nobody_waited_for_it(start: Start) -> None:
    process = start("import sys; sys.stdin.read()")
    before = found(process.pid)
    assert census.lives(before)
    assert not before.zombie
    os.kill(process.pid, signal.SIGKILL)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not census.lives(before)
    assert found(process.pid).zombie


def test_another_process_with_the_same_id_is_not_taken_for_it(start: Start) -> None:
    now = found(start("import sys; sys.stdin.read()").pid)
    earlier = Process(
        pid=now.pid, parent=now.parent, started=now.started - 1, zombie=False, cpu_seconds=0.0
    )
    assert not census.lives(earlier)


def test_processor_time_of_children_counts_once_they_were_waited_for(start: Start) -> None:
    burn = "t = time.process_time() + 0.13\nwhile time.process_time() < t: pass"
    process = start(
        "import os, sys, time\n"
        f"if not (pid := os.fork()):\n    exec({burn!r}); os._exit(0)\n"
        "os.waitpid(pid, 0); print(flush=True); sys.stdin.read()"
    )
    assert process.stdout is not None
    process.stdout.readline()
    assert found(process.pid).cpu_seconds >= 0.1


def test_memory_and_descriptors_grow_with_what_is_taken(start: Start) -> None:
    process = start(
        "import sys; print(flush=True); sys.stdin.buffer.read(1)\n"
        "taken = b'x' * (32 << 20), [open('/dev/null') for _ in range(5)]\n"
        "print(flush=True); sys.stdin.read()"
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.readline()
    memory, descriptors = census.memory_bytes([process.pid]), census.descriptors([process.pid])
    process.stdin.write(b"x")
    process.stdin.flush()
    process.stdout.readline()
    assert census.memory_bytes([process.pid]) - memory > 30 << 20
    assert census.descriptors([process.pid]) - descriptors == 5


def test_what_is_gone_uses_nothing() -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    assert census.memory_bytes([process.pid]) == census.descriptors([process.pid]) == 0
