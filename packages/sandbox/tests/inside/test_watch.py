from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from tracemill_sandbox.inside.job import Bounds
from tracemill_sandbox.inside.watch import TICK_SECONDS, Watch
from tracemill_sandbox.kernel.usage import Counter

BOUNDS = Bounds(wall_seconds=10, memory_bytes=100, disk_bytes=50_000, processes=5)
LOOK = 1000 + TICK_SECONDS


class Seen:
    """Stands for what the kernel says of a run."""

    def __init__(self, *, memory: int = 0, tasks: int = 1, nameless: int = 0) -> None:
        self._memory, self._tasks, self._nameless = memory, tasks, nameless

    def private_bytes(self, *, enough: int) -> int:
        assert enough == BOUNDS.memory_bytes
        return self._memory

    def tasks(self) -> int:
        return self._tasks

    def nameless_bytes(self) -> int:
        return self._nameless


def watch(seen: Seen, folder: Path) -> Watch:
    return Watch(cast("Counter", seen), folder=folder, bounds=BOUNDS, began=1000.0)


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        (Seen(), None),
        (Seen(memory=100, tasks=5), None),
        (Seen(memory=101), ("memory", "its processes together took 101 bytes of memory")),
        (Seen(tasks=6), ("killed", "it had 6 processes and threads")),
        (Seen(nameless=60_000), ("output_limit", "its files hold 60000 bytes in 0 entries")),
    ],
)
def test_each_bound_has_its_reason(
    seen: Seen, wanted: tuple[str, str] | None, tmp_path: Path
) -> None:
    assert watch(seen, tmp_path).look(LOOK) == wanted


def test_named_files_count_together(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"x" * 30_000)
    found = watch(Seen(), tmp_path).look(LOOK)
    assert found is not None
    assert found[0] == "output_limit"


def test_time_is_kept_exactly_and_the_rest_only_now_and_then(tmp_path: Path) -> None:
    over = watch(Seen(memory=500), tmp_path)
    assert over.due == LOOK
    assert over.look(LOOK - 0.01) is None
    assert over.look(1010.0) == ("timeout", "still running after 10 s")
    fine = watch(Seen(), tmp_path)
    fine.look(1009.98)
    assert fine.due == 1010.0
