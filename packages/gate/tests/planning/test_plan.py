"""All planning files, read once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.errors import SpecFaults, UnknownSpec
from tracemill_gate.planning.plan import read_plan

Listed = Callable[..., str]


def test_the_files_and_how_they_stand(root: Path) -> None:
    (root / "specs/draft/0003-third.md").write_text("")
    plan = read_plan(root)
    assert plan.names == ("0001-first.md", "0002-second.md")
    assert plan.drafts == ("0003-third.md",)
    assert plan.unreadable == ()
    assert [file.name for file in plan.live] == ["0002-second.md"]
    assert plan.status_of(plan.files["0001-first.md"]) == "done"
    fault = plan.files["0002-second.md"].fault("/depends_on/0", "why")
    assert str(fault) == "specs/0002-second.md:21: why"


def test_a_spec_is_found_by_its_number(root: Path) -> None:
    file, entry = read_plan(root).find(2)
    assert (file.document.spec.title, entry.status) == ("Second", "approved")


def test_what_is_not_promoted_is_not_found(root: Path) -> None:
    (root / "specs/draft/0003-third.md").write_text("")
    plan = read_plan(root)
    with pytest.raises(UnknownSpec) as caught:
        plan.find(3)
    assert str(caught.value) == (
        "wanted a spec that current.md lists, got 0003; "
        "promote it first: tracemill spec promote specs/draft/0003-third.md"
    )
    with pytest.raises(UnknownSpec, match="lists, got 0004; known are: 0001, 0002$"):
        plan.find(4)


def test_what_is_malformed_says_so_where_it_is_looked_for(root: Path) -> None:
    (root / "specs/0002-second.md").write_text("")
    plan = read_plan(root)
    assert plan.find(1)[0].name == "0001-first.md"
    with pytest.raises(SpecFaults, match=r"^specs/0002-second.md:1: wanted \+\+\+ on the first"):
        plan.find(2)


def test_a_folder_without_planning_files(tmp_path: Path) -> None:
    plan = read_plan(tmp_path)
    assert (plan.names, plan.drafts, plan.text, plan.current.entries) == ((), (), None, ())
    assert [str(fault) for fault in plan.unreadable] == [
        "current.md: wanted a readable file, got: No such file or directory"
    ]
