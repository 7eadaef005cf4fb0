from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from tracemill_sandbox.inside import watch as module
from tracemill_sandbox.inside.folder import ENTRIES_PER_FOLDER, MOST_ENTRIES, Usage
from tracemill_sandbox.inside.job import Bounds
from tracemill_sandbox.inside.watch import LOOK_SECONDS, TICK_SECONDS, Watch
from tracemill_sandbox.kernel.usage import MOST_WATCHES, Counter, Held

BOUNDS = Bounds(
    wall_seconds=10, memory_bytes=100, disk_bytes=50_000, file_bytes=40_000, processes=5
)
BEGAN = 1e9
"""No machine has been up so long: what is due then is never late."""
LOOK = BEGAN + TICK_SECONDS


class Seen:
    """Stands for what the kernel says of a run."""

    def __init__(
        self,
        *,
        memory: int = 0,
        buffers: int = 0,
        tasks: int = 1,
        nameless: int = 0,
        mapped: int = 0,
        watches: int = 0,
    ) -> None:
        self.until = 0.0
        self._memory, self._tasks = memory, tasks
        self._held = Held(nameless={(1, 1): nameless}, buffer_bytes=buffers, watches=watches)
        self._mapped = mapped
        self.mappings_read = 0

    def held(self) -> Held:
        return self._held

    def private_bytes(self, *, enough: int) -> int:
        assert enough == BOUNDS.memory_bytes - self._held.buffer_bytes
        return self._memory

    def tasks(self) -> int:
        return self._tasks

    def only_mapped(self) -> int:
        self.mappings_read += 1
        return self._mapped


def watch(seen: Seen, folder: Path) -> Watch:
    return Watch(cast("Counter", seen), folder=folder, bounds=BOUNDS, began=BEGAN)


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        (Seen(), None),
        (Seen(memory=100, tasks=5), None),
        (Seen(memory=101), ("memory", "its processes together took 101 bytes of memory")),
        (Seen(memory=60, buffers=40), None),
        (
            Seen(memory=61, buffers=40),
            (
                "memory",
                (
                    "its processes together took 101 bytes of memory, "
                    "up to 40 of them in pipes and sockets"
                ),
            ),
        ),
        (Seen(tasks=6), ("killed", "it had 6 processes and threads")),
        (Seen(watches=MOST_WATCHES), None),
        (
            Seen(watches=MOST_WATCHES + 1),
            ("killed", f"its epolls and what they watch are more than {MOST_WATCHES}"),
        ),
        (
            Seen(nameless=60_000),
            ("output_limit", "its files hold 60000 bytes in 0 entries, folders as 4"),
        ),
    ],
)
def test_each_bound_has_its_reason(
    seen: Seen, wanted: tuple[str, str] | None, tmp_path: Path
) -> None:
    assert watch(seen, tmp_path).look(LOOK) == wanted


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        (Seen(nameless=10_000, mapped=1), None),
        (
            Seen(nameless=10_001, mapped=1),
            (
                "output_limit",
                (
                    "its files hold 50001 bytes in 0 entries, folders as 4, "
                    "with 40000 for each of 1 that are removed and only mapped"
                ),
            ),
        ),
    ],
)
def test_removed_files_that_are_only_mapped_count_as_large_as_a_file_may_be(
    seen: Seen, wanted: tuple[str, str] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = iter((1 << 30, (1 << 30) - module.UNSEEN_BYTES - 1))
    monkeypatch.setattr(module, "_room", lambda _: next(room))
    assert watch(seen, tmp_path).look(LOOK) == wanted


def test_mappings_are_looked_at_each_second_and_while_the_disk_has_lost_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = [1 << 30]
    monkeypatch.setattr(module, "_room", lambda _: room[0])
    seen = Seen()
    watched = watch(seen, tmp_path)
    looks = (BEGAN + TICK_SECONDS * (number + 0.5) for number in range(1, 200))
    read = []
    for _ in range(module.LOOKS_PER_LOOK_AT_MAPPINGS):
        watched.look(next(looks))
        read.append(seen.mappings_read)
    assert read == [0] * (module.LOOKS_PER_LOOK_AT_MAPPINGS - 1) + [1]
    room[0] -= module.UNSEEN_BYTES + 1
    watched.look(next(looks))
    assert seen.mappings_read == 2


def test_a_deadline_that_comes_during_a_look_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_too_long() -> Held:
        raise TimeoutError

    seen = Seen()
    watched = watch(seen, tmp_path)
    monkeypatch.setattr(seen, "held", look_too_long)
    assert watched.look(BEGAN + 9.9) == ("timeout", "still running after 10 s")
    assert seen.until == BEGAN + 10


def test_a_look_that_takes_too_long_ends_the_run_and_not_the_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_too_long() -> Held:
        raise TimeoutError

    seen = Seen()
    watched = watch(seen, tmp_path)
    monkeypatch.setattr(seen, "held", look_too_long)
    reason = f"its processes could not be counted within {LOOK_SECONDS:g} s"
    assert watched.look(LOOK) == ("killed", reason)
    assert seen.until == LOOK + LOOK_SECONDS


def test_a_look_at_the_disk_has_the_same_end_and_its_own_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[float] = []

    def measure_too_long(folder: Path, *, until: float) -> Usage:
        assert folder == tmp_path
        told.append(until)
        raise TimeoutError

    monkeypatch.setattr(module, "measure", measure_too_long)
    seen = Seen()
    reason = f"its files could not be measured within {LOOK_SECONDS:g} s"
    assert watch(seen, tmp_path).look(LOOK) == ("killed", reason)
    assert watch(seen, tmp_path).look(BEGAN + 9.9) == ("timeout", "still running after 10 s")
    assert told == [LOOK + LOOK_SECONDS, BEGAN + 10]


def test_a_look_at_mappings_that_takes_too_long_has_its_own_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_too_long() -> int:
        raise TimeoutError

    monkeypatch.setattr(module, "LOOKS_PER_LOOK_AT_MAPPINGS", 1)
    monkeypatch.setattr(module, "measure", lambda *_, **__: Usage(size=0, entries=0, files={}))
    seen = Seen()
    monkeypatch.setattr(seen, "only_mapped", look_too_long)
    reason = f"its mappings could not be read within {LOOK_SECONDS:g} s"
    assert watch(seen, tmp_path).look(LOOK) == ("killed", reason)


def test_folders_are_dear(tmp_path: Path) -> None:
    for number in range(MOST_ENTRIES // ENTRIES_PER_FOLDER):
        (tmp_path / str(number)).mkdir()
    bounds = replace(BOUNDS, disk_bytes=1 << 30)
    watched = Watch(cast("Counter", Seen()), folder=tmp_path, bounds=bounds, began=BEGAN)
    found = watched.look(LOOK)
    assert found is not None
    assert found[1].endswith(f" bytes in {MOST_ENTRIES} entries, folders as {ENTRIES_PER_FOLDER}")


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
    assert over.look(BEGAN + 10) == ("timeout", "still running after 10 s")
    fine = watch(Seen(), tmp_path)
    fine.look(BEGAN + 9.98)
    assert fine.due == BEGAN + 10
