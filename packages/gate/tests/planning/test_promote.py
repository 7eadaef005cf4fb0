"""A draft becomes a spec."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tracemill_gate.errors import GateUsage, SpecFaults
from tracemill_gate.planning.draft import new
from tracemill_gate.planning.lint import lint
from tracemill_gate.planning.promote import lint_draft, promote

DAY = date(2026, 3, 15)
SpecText = Callable[..., str]
LINE = "- [0003: Leases survive](specs/0003-leases-survive.md): specd\n"


@pytest.fixture
def draft(root: Path, spec_text: SpecText) -> Path:
    """A complete draft of the candidate 'Leases survive'."""
    path = new(root, "Leases survive", item="Longer runs")
    path.write_text(spec_text(3, "Leases survive"))
    return path


def state(root: Path) -> dict[str, bytes]:
    """Return path -> bytes of every file."""
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def faults(root: Path) -> list[str]:
    """Return what the linter finds."""
    return [str(fault) for fault in lint(root, day=DAY).faults]


def test_a_complete_draft_moves_from_brainstormed_to_specd(root: Path, draft: Path) -> None:
    assert lint_draft(root, draft, day=DAY) == ()
    text = draft.read_text()
    promoted = promote(root, draft, day=DAY)
    assert promoted.name == "0003-leases-survive.md"
    assert not draft.exists()
    assert (root / "specs/0003-leases-survive.md").read_text() == text
    current = (root / "current.md").read_text()
    assert current.endswith(LINE)
    assert "  - Leases survive" not in current
    assert "### Longer runs" in current  # another candidate is left
    assert "  - Sleep less" in current
    assert faults(root) == []


@pytest.mark.parametrize("title", ["Longer runs", "leases  SURVIVE"])
def test_an_item_leaves_when_it_is_specified_or_with_its_last_candidate(
    root: Path, draft: Path, spec_text: SpecText, title: str
) -> None:
    current = root / "current.md"
    current.write_text(current.read_text().replace("  - Sleep less\n", ""))
    draft.write_text(spec_text(3, " ".join(title.split())))
    promote(root, draft, day=DAY)
    assert "## Brainstormed\n\n## Specd\n" in current.read_text()


def test_the_new_line_stands_by_its_number(root: Path, spec_text: SpecText) -> None:
    (root / "specs/draft/0000-zero.md").write_text(spec_text(1, "Zero").replace("0001", "0000"))
    draft = root / "specs/draft/0005-fifth.md"
    draft.write_text(spec_text(5, "Fifth"))
    other = root / "specs/draft/0004-fourth.md"
    other.write_text(spec_text(4, "Fourth"))
    (root / "specs/draft/0000-zero.md").unlink()
    promote(root, draft, day=DAY)
    promote(root, other, day=DAY)
    lines = (root / "current.md").read_text().splitlines()[-4:]
    assert [line[3:7] for line in lines] == ["0001", "0002", "0004", "0005"]


NEEDS = "kind change needs files_to_touch and fail_first_tests"
SAME = [{"path": "spec_2.py", "kind": "add"}]
REFUSED = [
    (
        {"files_to_touch": SAME},
        [
            (
                "specs/draft/0003-leases-survive.md:8: overlaps with 0002 in spec_2.py; "
                "name 2 under one of depends_on, blocked_by, parallelizable_with"
            )
        ],
    ),
    (
        {"depends_on": [8]},
        ["specs/draft/0003-leases-survive.md:21: depends_on names 0008, which does not exist"],
    ),
    (
        {"approved": True},
        [
            (
                "specs/draft/0003-leases-survive.md:26: a draft has no approval yet; "
                "remove it here, for promoting comes first"
            )
        ],
    ),
]


@pytest.mark.parametrize(("fields", "messages"), REFUSED, ids=["overlap", "relation", "approval"])
def test_what_speaks_against_it_changes_nothing(
    root: Path, draft: Path, spec_text: SpecText, fields: dict[str, object], messages: list[str]
) -> None:
    draft.write_text(spec_text(3, "Leases survive", **fields))
    before = state(root)
    assert [str(fault) for fault in lint_draft(root, draft, day=DAY)] == messages
    with pytest.raises(SpecFaults) as caught:
        promote(root, draft, day=DAY)
    assert str(caught.value).splitlines() == messages
    assert state(root) == before


def test_a_declared_overlap_is_no_hindrance(root: Path, draft: Path, spec_text: SpecText) -> None:
    text = spec_text(3, "Leases survive", files_to_touch=SAME, parallelizable_with=[2])
    draft.write_text(text)
    promote(root, draft, day=DAY)
    assert faults(root) == []


def test_an_incomplete_draft_is_refused_with_all_that_it_lacks(root: Path) -> None:
    path = new(root, "Leases survive")
    before = state(root)
    found = [str(fault) for fault in lint_draft(root, path, day=DAY)]
    assert [message.partition(" wanted ")[0] for message in found] == [
        f"specs/draft/0003-leases-survive.md:4: {NEEDS}",
        "specs/draft/0003-leases-survive.md:5: /behaviour_change:",
        "specs/draft/0003-leases-survive.md:6: /user_intent:",
        "specs/draft/0003-leases-survive.md:13: /rollback_trigger:",
        "specs/draft/0003-leases-survive.md:15: /diff_shape/lines_max:",
        "specs/draft/0003-leases-survive.md:25: the section 'Decision' is empty",
        "specs/draft/0003-leases-survive.md:29: the section 'Rejected' is empty",
    ]
    with pytest.raises(SpecFaults):
        promote(root, path, day=DAY)
    assert state(root) == before


def test_a_promotion_that_was_killed_is_told_and_can_be_repeated(root: Path, draft: Path) -> None:
    """Cut after each of its three writes: the spec, current.md, the draft's removal."""
    before, text = (root / "current.md").read_text(), draft.read_text()
    promote(root, draft, day=DAY)
    whole = state(root)
    draft.write_text(text)
    left = "specs/draft/0003-leases-survive.md:1: specs/0003-leases-survive.md is there already; "
    left += "run again: tracemill spec promote specs/draft/0003-leases-survive.md"
    assert faults(root) == [left]
    promote(root, draft, day=DAY)
    assert state(root) == whole
    draft.write_text(text)
    (root / "current.md").write_text(before)
    no_line = "specs/0003-leases-survive.md:2: wanted one line in current.md under Specd, got 0"
    assert faults(root) == [no_line, left]
    promote(root, draft, day=DAY)
    assert state(root) == whole


def test_what_is_wrong_elsewhere_does_not_stop_it(root: Path, draft: Path) -> None:
    second = root / "specs/0002-second.md"
    second.write_text(second.read_text().replace('user_intent = "x"', 'user_intent = "y"'))
    assert len(faults(root)) == 1
    promote(root, draft, day=DAY)
    assert len(faults(root)) == 1


def test_a_malformed_current_md_is_not_written_over(root: Path, draft: Path) -> None:
    path = root / "current.md"
    path.write_text(path.read_text().replace("- believed", "- believed\nlost"))
    before = state(root)
    with pytest.raises(SpecFaults, match=r"^current.md:10: wanted '- TEXT', .* got 'lost'$"):
        promote(root, draft, day=DAY)
    assert state(root) == before


def test_another_spec_of_the_same_name_is_not_replaced(root: Path, spec_text: SpecText) -> None:
    draft = root / "specs/draft/0002-second.md"
    draft.write_text(spec_text(2, "Second"))
    before = state(root)
    with pytest.raises(SpecFaults) as caught:
        promote(root, draft, day=DAY)
    assert str(caught.value) == (
        "specs/draft/0002-second.md:1: specs/0002-second.md is there already and says something "
        "else; remove the draft, or give it another number"
    )
    assert state(root) == before


def test_only_a_draft_is_promoted(root: Path) -> None:
    with pytest.raises(GateUsage, match=r"0001-first.md: wanted a draft in specs/draft/; make one"):
        promote(root, root / "specs/0001-first.md", day=DAY)
    with pytest.raises(SpecFaults, match=r"^specs/draft/0009-x.md: wanted a readable file, got"):
        promote(root, root / "specs/draft/0009-x.md", day=DAY)


def test_faults_of_a_draft_are_told_at_its_own_lines(root: Path, draft: Path) -> None:
    """The canonical form has other lines; a draft need not be in it."""
    text = draft.read_text().replace("must_stay_unchanged = []", "must_stay_unchanged = [\n]")
    draft.write_text(text.replace("depends_on = []", "depends_on = [8]"))
    message = "depends_on names 0008, which does not exist"
    found = [str(fault) for fault in lint_draft(root, draft, day=DAY)]
    assert found == [f"specs/draft/0003-leases-survive.md:22: {message}"]
    draft.write_text(text)
    assert lint_draft(root, draft, day=DAY) == ()
    promote(root, draft, day=DAY)
    assert faults(root) == []


def test_a_draft_that_says_nothing_in_many_words_is_incomplete(root: Path, draft: Path) -> None:
    draft.write_text(draft.read_text().replace('user_intent = "x"', 'user_intent = " "'))
    found = [str(fault) for fault in lint_draft(root, draft, day=DAY)]
    assert found == ["specs/draft/0003-leases-survive.md:6: /user_intent: wanted words, got ' '"]
