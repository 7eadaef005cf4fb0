from __future__ import annotations

import contextlib
import os
import time

import pytest

from tracemill_sandbox.kernel import proc


def _waiting_child() -> tuple[int, int]:
    """Start a child that lives until the pipe is closed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writer)
        os.read(reader, 1)
        os._exit(0)
    os.close(reader)
    return child, writer


@pytest.mark.filterwarnings("ignore:.*fork")
def test_a_thread_that_has_ended_hides_no_children(monkeypatch: pytest.MonkeyPatch) -> None:
    child, writer = _waiting_child()
    listdir = os.listdir
    monkeypatch.setattr(os, "listdir", lambda folder: ["4194304999", *listdir(folder)])
    try:
        assert child in proc.children("self")
    finally:
        os.close(writer)
        os.waitpid(child, 0)


def test_a_process_that_has_ended_has_no_children() -> None:
    assert proc.children("4194304999") == []


def test_each_is_told_before_its_children_are_looked_for_and_the_youngest_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    below = {"1": [3, 4], "2": [5], "4": [6], "3": [4]}
    asked = []

    def children(process: str) -> list[int]:
        asked.append(process)
        return below.get(process, [])

    monkeypatch.setattr(proc, "children", children)
    walk = proc.with_descendants((1, 2))
    assert (next(walk), asked) == (1, [])
    assert list(walk) == [4, 6, 3, 2, 5]


@pytest.mark.filterwarnings("ignore:.*fork")
def test_who_descends_from_whom_is_told_while_it_lives() -> None:
    child, writer = _waiting_child()
    assert proc.is_below(child, (4194304998, os.getpid()))
    assert proc.is_below(child, (os.getppid(),))
    assert not proc.is_below(os.getpid(), (child,))
    assert not proc.is_below(child, (child,))
    os.close(writer)
    os.waitpid(child, 0)
    assert not proc.is_below(child, (os.getpid(),))


def test_what_is_not_a_number_is_no_field(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Name:\t\u00b2\nThreads:\t7\nGroups:\t\nVmSwap:\t 12 kB\n".encode()
    monkeypatch.setattr(proc, "read", lambda _: text)
    assert proc.fields(1, "status") == {"Threads": 7, "VmSwap": 12}
    assert proc.fields(4194304999, "net", word=1) == {}


@pytest.mark.filterwarnings("ignore:.*fork")
def test_a_process_that_is_gone_tells_nothing() -> None:
    child, writer = _waiting_child()
    os.close(writer)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and proc.start_of_stack(child):
        time.sleep(0.01)
    assert proc.start_of_stack(child) == b""
    os.waitpid(child, 0)
    assert proc.fields(child, "status") == {}
    with contextlib.suppress(OSError):
        proc.stat(child)
        pytest.fail("it has ended")


def test_a_long_file_is_read_piece_by_piece(tmp_path: object) -> None:
    path = f"{tmp_path}/long"
    with open(path, "wb") as stream:  # noqa: PTH123 - a name is what it takes
        stream.write(b"x" * 200_000)
    assert max(map(len, proc.chunks(path))) < 100_000
    assert len(proc.read(path)) == 200_000
