"""What a killed command leaves, and who removes it."""

from __future__ import annotations

from pathlib import Path

from tracemill_gate.planning.leftover import leftovers, remove_leftovers

LEFT = (
    ".current.md.k1ll_ed0",
    "specs/.0002-second.md.abcdefgh",
    "specs/draft/.0003-third.md.12345678",
)
KEPT = (
    ".current.md.swp",
    ".other.md.abcdefgh",
    "specs/.notes",
    "current.md",
    "specs/0002-second.md",
)


def test_only_temporary_files_of_planning_files_are_leftovers(root: Path) -> None:
    for name in LEFT:
        (root / name).write_text("")
    for name in KEPT[:3]:
        (root / name).write_text("")
    assert leftovers(root) == LEFT
    remove_leftovers(root)
    assert leftovers(root) == ()
    assert [name for name in KEPT if not (root / name).exists()] == []


def test_a_folder_without_specs_has_none(tmp_path: Path) -> None:
    assert leftovers(tmp_path) == ()
