from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.kernel import call

pytestmark = pytest.mark.filterwarnings("ignore:.*fork")  # threads of other tests
InChild = Callable[[Callable[[], Any]], Any]


def test_a_refused_call_names_itself_and_the_reason() -> None:
    with pytest.raises(OSError, match="mount /no/such/place") as refused:
        call.mount("tmpfs", "/no/such/place", 0)
    assert refused.value.errno in (errno.ENOENT, errno.EPERM)


def test_an_unknown_system_call_is_refused() -> None:
    with pytest.raises(OSError, match="nothing") as refused:
        call.syscall("nothing", 100_000)
    assert refused.value.errno == errno.ENOSYS


def test_a_mount_that_is_not_there_can_not_be_changed() -> None:
    with pytest.raises(OSError, match="mount_setattr /no/such/place"):
        call.change_mount("/no/such/place", set_flags=call.MOUNT_READ_ONLY)


def refused() -> None:
    raise OSError(errno.EPERM, "Operation not permitted", "this")


def dead() -> None:
    os._exit(3)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda: None, ""),
        (refused, "this: Operation not permitted"),
        (dead, "it ended before it answered"),
    ],
)
def test_a_child_tells_what_was_refused(act: Callable[[], None], said: str) -> None:
    assert call.refusal_in_child(act) == said


def test_capabilities_are_gone_afterwards(in_child: InChild) -> None:
    def work() -> bool:
        call.drop_capability_bounds()
        call.drop_capabilities()
        lines = Path("/proc/self/status").read_text().splitlines()
        held = [line.split()[1] for line in lines if line.startswith(("CapEff", "CapPrm"))]
        return held == ["0" * 16] * 2

    assert in_child(work)


def test_a_filter_lies_in_memory_once() -> None:
    program = bytes(16)
    assert call.filter_header(program) is call.filter_header(program)
    assert call.filter_header(program)[1][:2] == (2).to_bytes(2, "little")
