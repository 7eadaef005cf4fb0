from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.kernel import call, landlock

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.filterwarnings("ignore:.*fork"),  # threads of other tests: children need none
    pytest.mark.needs("landlock"),
]
InChild = Callable[[Callable[[], Any]], Any]
KINDS = ("run", "read", "write", "other")


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except OSError as error:
        return error.strerror or ""
    return "done"


@pytest.fixture
def restricted(in_child: InChild, tmp_path: Path) -> InChild:
    """Call a function in a child that Landlock holds; returns what it returned."""
    for kind in KINDS:
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "file").write_bytes(Path("/bin/true").read_bytes())
        (tmp_path / kind / "file").chmod(0o755)

    def call_restricted(act: Callable[[], Any]) -> Any:
        def inside() -> Any:
            call.no_new_privileges()
            landlock.restrict(
                executable=(str(tmp_path / "run"), "/usr", "/lib", "/lib64"),
                readable=(str(tmp_path / "read"), str(tmp_path / "missing")),
                writable=(str(tmp_path / "write"),),
            )
            return act()

        return in_child(inside)

    return call_restricted


@pytest.mark.parametrize(
    ("kind", "reads", "writes", "runs"),
    [
        ("run", True, False, True),
        ("read", True, False, False),
        ("write", True, True, False),
        ("other", False, False, False),
    ],
)
def test_only_what_is_listed_can_be_opened_and_nothing_both_written_and_run(
    restricted: InChild, tmp_path: Path, *, kind: str, reads: bool, writes: bool, runs: bool
) -> None:
    path = tmp_path / kind / "file"

    def work() -> list[str]:
        return [
            outcome(lambda: os.open(path, os.O_RDONLY)),
            outcome(lambda: subprocess.run([path], check=True)),
            outcome(lambda: os.open(path, os.O_WRONLY)),
            outcome(lambda: os.truncate(path, 1)),
            outcome(lambda: (path.parent / "new").write_text("")),
            outcome(lambda: os.mkfifo(path.parent / "pipe")),
            outcome(path.unlink),
        ]

    said = [text == "done" for text in restricted(work)]
    assert said == [reads, runs, *[writes] * 5]


def test_sockets_and_devices_can_not_be_made_where_it_may_write(
    restricted: InChild, tmp_path: Path
) -> None:
    def work() -> list[str]:
        kinds = (0o140000, 0o020000, 0o060000)
        path = tmp_path / "write" / "node"
        return [outcome(partial(os.mknod, path, kind | 0o600, 0x103)) for kind in kinds]

    assert set(restricted(work)) <= {"Permission denied", "Operation not permitted"}


def test_nothing_is_moved_out_or_linked_in(restricted: InChild, tmp_path: Path) -> None:
    def work() -> list[str]:
        inside, outside = tmp_path / "write" / "file", tmp_path / "read" / "file"
        link = tmp_path / "write" / "link"
        return [
            outcome(lambda: inside.rename(tmp_path / "other" / "moved")),
            outcome(lambda: os.link(outside, tmp_path / "write" / "linked")),
            outcome(lambda: link.symlink_to(tmp_path / "other" / "file")),
            outcome(link.read_bytes),
        ]

    said = restricted(work)
    assert [text == "done" for text in said] == [False, False, True, False]


@pytest.mark.needs("landlock-signals")
def test_processes_outside_can_not_be_signalled(restricted: InChild) -> None:
    assert (
        restricted(lambda: outcome(lambda: os.kill(os.getppid(), 0))) == "Operation not permitted"
    )
    assert restricted(lambda: outcome(lambda: os.kill(os.getpid(), 0))) == "done"
