from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from tracemill_worker.process import host_identity, is_gone, started_mark, this_process


def test_this_process_is_not_gone() -> None:
    owner = this_process()
    assert owner.pid == os.getpid()
    assert owner.worker.endswith(f":{owner.pid}")
    assert not is_gone(owner, host=host_identity())


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        ({"started": "boot/0"}, True),
        ({"started": "unknown"}, False),
        ({"pid": 2**22 + 1}, True),
        ({"pid": 2**22 + 1, "host": "another boot"}, False),
    ],
)
def test_only_a_process_of_this_host_can_be_proven_gone(
    changes: dict[str, object], *, gone: bool
) -> None:
    assert is_gone(replace(this_process(), **changes), host=host_identity()) is gone


def test_an_uncollected_zombie_is_gone() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert started_mark(child.pid) is not None
    child.stdout.read()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert started_mark(child.pid) is None
    child.wait()
    child.stdout.close()
