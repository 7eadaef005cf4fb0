"""New drafts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tracemill_gate.errors import GateUsage, SpecFaults
from tracemill_gate.planning.document import read
from tracemill_gate.planning.draft import new
from tracemill_gate.planning.lint import lint

TEXT = """+++
number = 3
title = "Leases survive"
kind = "change"
behaviour_change = ""
user_intent = ""
must_stay_unchanged = []
files_to_touch = []
fail_first_tests = []
regression_tests = []
non_goals = []
risks = []
rollback_trigger = ""
touch_points = []
diff_shape = {lines_min = 0, lines_max = 0}
review_checks = []
depends_on = []
blocked_by = []
parallelizable_with = []
invalidation_watch = []
+++

# 0003: Leases survive

## Why

Known: they end

Missing: why

## Decision



## Rejected
"""
LACKS = """\
0003-leases-survive.md:4: kind change needs files_to_touch and fail_first_tests
0003-leases-survive.md:5: /behaviour_change: wanted String should have at least 1 character, got ''
0003-leases-survive.md:6: /user_intent: wanted String should have at least 1 character, got ''
0003-leases-survive.md:13: /rollback_trigger: wanted String should have at least 1 character, got ''
0003-leases-survive.md:15: /diff_shape/lines_max: wanted Input should be greater than or equal \
to 1, got 0
0003-leases-survive.md:31: the section 'Decision' is empty
0003-leases-survive.md:35: the section 'Rejected' is empty"""


def test_every_field_is_there_and_the_linter_says_which_is_empty(root: Path) -> None:
    before = (root / "current.md").read_bytes()
    path = new(root, "Leases survive", item="longer runs")
    assert path == root / "specs/draft/0003-leases-survive.md"
    assert path.read_text() == TEXT
    with pytest.raises(SpecFaults) as caught:
        read(path)
    assert str(caught.value) == LACKS
    assert (root / "current.md").read_bytes() == before  # the item names the candidate already


def test_a_new_title_becomes_a_candidate_of_its_item(root: Path) -> None:
    new(root, "Wake up", item="Sleep less")
    assert "  - Sleep less\n  - Wake up\n" in (root / "current.md").read_text()


def test_a_draft_without_an_item_has_the_next_free_number(root: Path) -> None:
    before = (root / "current.md").read_bytes()
    (root / "specs/draft/0007-x.md").write_text("")
    path = new(root, "Über & unter!")
    assert path.name == "0008-uber-unter.md"
    assert "## Why" not in path.read_text()
    assert (root / "current.md").read_bytes() == before


def test_the_first_draft_of_a_repository_needs_a_current_md_and_says_how_to_start(
    tmp_path: Path,
) -> None:
    with pytest.raises(GateUsage) as caught:
        new(tmp_path, "A")
    message, start = str(caught.value).split("\n\n", 1)
    assert (
        message == f"{tmp_path / 'current.md'}: wanted a file, got none; start it with these lines:"
    )
    (tmp_path / "current.md").write_text(f"{start}\n")
    assert new(tmp_path, "A").relative_to(tmp_path) == Path("specs/draft/0001-a.md")
    found = [str(fault) for fault in lint(tmp_path, day=date(2026, 3, 15)).faults]
    assert found == ["specs: wanted at least one spec, got none"]


def test_a_title_of_a_draft_is_taken_too(root: Path) -> None:
    new(root, "Leases survive")
    with pytest.raises(GateUsage) as caught:
        new(root, "leases  Survive".replace("  ", " "))
    assert str(caught.value) == (
        "the title is that of specs/draft/0003-leases-survive.md: 'leases Survive'"
    )
    assert len(list((root / "specs/draft").iterdir())) == 1


def test_what_a_killed_command_left_is_removed(root: Path) -> None:
    (root / "specs/draft/.0003-leases-survive.md.abcdefgh").write_text("")
    new(root, "Leases survive")
    assert [path.name for path in (root / "specs/draft").iterdir()] == ["0003-leases-survive.md"]


WANTED = "wanted a title of one line, up to 120 characters, with letters"
REFUSED = [
    ("...", None, f"{WANTED}, got '...'"),
    ("a\nb", None, f"{WANTED}, got 'a\\nb'"),
    (" a", None, f"{WANTED}, got ' a'"),
    ("a" * 121, None, f"{WANTED}, got '{'a' * 121}'"),
    ("first", None, "the title is that of 0001: 'first'"),
    (
        "New",
        "Nothing",
        "wanted an item of Brainstormed or a candidate of one, got 'Nothing'; 'Longer runs'",
    ),
]


@pytest.mark.parametrize(("title", "item", "message"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused_leaves_nothing(
    root: Path, title: str, item: str | None, message: str
) -> None:
    with pytest.raises(GateUsage) as caught:
        new(root, title, item=item)
    assert str(caught.value) == message
    assert list((root / "specs/draft").iterdir()) == []


def test_an_item_of_a_malformed_current_md_is_not_touched(root: Path) -> None:
    path = root / "current.md"
    path.write_text(path.read_text() + "lost\n")
    with pytest.raises(SpecFaults, match="^current.md:27: wanted '- TEXT'"):
        new(root, "Wake up", item="Longer runs")
    assert list((root / "specs/draft").iterdir()) == []
