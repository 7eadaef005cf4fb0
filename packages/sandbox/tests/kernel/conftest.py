from __future__ import annotations

import os
import pickle
import signal
import struct
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.kernel import call, confine, namespaces, veil
from tracemill_sandbox.kernel.tier import Tier, needed_paths, probe, run_user

InChild = Callable[[Callable[[], Any]], Any]
"""Calls a function in a forked child; returns what it returned, or ("signal", number)."""


def _in_child(act: Callable[[], Any]) -> Any:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(act, writer)
    os.close(writer)
    killer = threading.Timer(20, os.kill, (child, signal.SIGKILL))
    killer.start()
    with os.fdopen(reader, "rb") as stream:
        said = stream.read()
    _, status = os.waitpid(child, 0)
    killer.cancel()
    if os.WIFSIGNALED(status):
        return ("signal", os.WTERMSIG(status))
    return pickle.loads(said)  # noqa: S301 - our own child wrote it


def _answer(act: Callable[[], Any], writer: int) -> None:
    try:
        try:
            said = act()
        except OSError as error:
            said = f"{error.filename}: {error.strerror}"
        except BaseException:  # noqa: BLE001 - a child's fault is told by its test
            said = traceback.format_exc()
        os.write(writer, pickle.dumps(said))
    finally:
        os._exit(0)


@pytest.fixture
def in_child() -> InChild:
    """A child process to be confined: what it gives up, the tests keep."""
    return _in_child


def _decide(program: bytes, architecture: int, number: int, *arguments: int) -> int:
    """Interpret a filter as the kernel would; the instructions are those that filters may have."""
    padded = [argument % 2**64 for argument in (*arguments, *[0] * 6)][:6]
    data = struct.pack("<IIQ6Q", number % 2**32, architecture, 0, *padded)
    code = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    accumulator = place = 0
    while True:
        operation, if_true, if_false, value = code[place]
        place += 1
        if operation == 0x06:
            return int(value)
        if operation == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif operation == 0x54:
            accumulator &= value
        elif operation == 0x05:
            place += value
        elif operation == 0x15:
            place += if_true if accumulator == value else if_false
        elif operation == 0x35:
            place += if_true if accumulator >= value else if_false
        else:
            raise AssertionError(f"operation {operation:#x}")


@pytest.fixture
def decide() -> Callable[..., int]:
    """Interpret a filter: program, architecture, number, arguments -> action."""
    return _decide


@dataclass(frozen=True, kw_only=True)
class Mode:
    """A way to hold a program: with namespaces or without, on a host of root or of a user."""

    namespaces: bool
    root: bool

    @property
    def tier(self) -> Tier:
        return Tier(namespaces=self.namespaces, landlock=True, seccomp=True)


ORDINARY = 12345
"""User of a host that is not root, where the tests themselves are."""

Jailed = Callable[[Callable[[], Any]], Any]


@pytest.fixture(
    params=[
        pytest.param(
            Mode(namespaces=tier == "namespaces", root=user == "root"),
            id=f"{tier}-{user}",
            marks=pytest.mark.needs(tier, *(["root"] if user == "root" else [])),
        )
        for tier in ("namespaces", "landlock")
        for user in ("root", "user")
    ]
)
def mode(request: pytest.FixtureRequest) -> Mode:
    """Each way to hold a program that this machine has."""
    chosen: Mode = request.param
    offer = probe(run_user())
    assert offer.enough, offer.reasons
    return chosen


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a run, where every user can reach it."""
    with tempfile.TemporaryDirectory() as outer:
        Path(outer).chmod(0o755)
        inner = Path(outer, "run")
        inner.mkdir()
        yield inner


@pytest.fixture
def jailed(in_child: InChild, mode: Mode, folder: Path) -> Jailed:
    """Call a function in a process that has given up everything, in the run's folder."""

    def call_in_jail(act: Callable[[], Any]) -> Any:
        def inside() -> Any:
            _enter(mode, str(folder))
            return act()

        return in_child(inside)

    return call_in_jail


def _enter(mode: Mode, folder: str) -> None:
    """Go from a host's process to a program's; the processes on the way wait and end."""
    uid = run_user() if mode.root else os.getuid() or ORDINARY
    if os.getuid() == 0:
        os.chown(folder, uid, uid)
        veil.open_up((*needed_paths(), folder))
    if os.getuid() != uid and (mode.namespaces or not mode.root):
        call.become(uid, uid)
    private_proc = False
    if mode.namespaces:
        namespaces.enter_worker()
        namespaces.next_run()
        _go_on_in_child()
        private_proc = namespaces.enter_run()
    _go_on_in_child()
    os.setsid()
    confine.give_up(mode.tier, folder=folder, uid=uid, private_proc=private_proc)


def _go_on_in_child() -> None:
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        os._exit(0)
