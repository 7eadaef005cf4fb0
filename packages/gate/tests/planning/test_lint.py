"""Linting all planning files: each mistake once, with its line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tracemill_gate.fault import Report
from tracemill_gate.planning.lint import lint
from tracemill_gate.planning.plan import read_plan

REAL = Path(__file__).parents[4]
DAY = date(2026, 3, 15)
SpecText = Callable[..., str]
Listed = Callable[..., str]
Entry = tuple[int, str, str, str]
FIRST: Entry = (1, "First", "done", "0001-first.md")
SECOND: Entry = (2, "Second", "approved", "0002-second.md")


def faults(root: Path, day: date = DAY) -> list[str]:
    """Return what the linter finds."""
    return [str(fault) for fault in lint(root, day=day).faults]


def test_good_files_are_green(root: Path) -> None:
    assert faults(root) == []
    assert lint(root, day=DAY).checked == 3


def test_the_planning_files_of_this_repository_are_green() -> None:
    approvals = [file.document.spec.approval for file in read_plan(REAL).files.values()]
    last = max(date.fromisoformat(approval.on) for approval in approvals if approval)
    assert faults(REAL, last) == []


PLANTED_ITEMS = """### Faster starts

- status: open
- readiness: early
- known: little
- missing: much
- owner: somebody
- candidates: none

### More colours

- status: in-progress
- readiness: near-spec
- known: all
- missing: nothing
- candidates: none

### Longer runs

- status: parked
- readiness: mid-spec
- known: they end
- missing: why
- candidates:
  - Second
  - Sleep less

"""


def test_planted_faults_are_judged_exactly(root: Path, spec_text: SpecText, listed: Listed) -> None:
    """Each fault that the issue names stands in one file or the other; nothing else is told."""
    # an undeclared overlap with 0001's successor 0002, and a relation to nothing
    (root / "specs/0003-third.md").write_text(
        spec_text(3, "Third", depends_on=[9], files_to_touch=[{"path": "spec_2.py", "kind": "add"}])
    )
    # an expired approval; a typed field that was edited after it
    text = spec_text(4, "Fourth", approved=True)
    expired = text.replace('"2026-04-01"', '"2026-03-14"').replace('intent = "x"', 'intent = "y"')
    (root / "specs/0004-fourth.md").write_text(expired)
    # prose instead of test ids, an unknown field, and text that is lost
    text = spec_text(5, "Fifth").replace("tests/test_a.py::test_a", "the fifth one works")
    text = text.replace("risks = []", 'risks = []\nowner = "somebody"')
    (root / "specs/0005-fifth.md").write_text(text.replace("## Decision", "## Verdict"))
    # in progress without an approval, and of the planning kind with code in it
    (root / "specs/0006-sixth.md").write_text(spec_text(6, "Sixth", depends_on=[7]))
    text = spec_text(7, "Seventh", approved=True, depends_on=[6])
    (root / "specs/0007-seventh.md").write_text(text)
    text = spec_text(8, "Eighth").replace('kind = "change"', 'kind = "planning"')
    (root / "specs/0008-eighth.md").write_text(text)
    lines: list[Entry] = [
        FIRST,
        SECOND,
        (3, "Third", "specd", "0003-third.md"),
        (4, "Fourth", "in-progress", "0004-fourth.md"),
        (5, "Fifth", "specd", "0005-fifth.md"),
        (6, "Sixth", "in-progress", "0006-sixth.md"),
        (7, "7th", "approved", "0007-seventh.md"),
        (8, "Eighth", "ready", "0008-eighth.md"),
        (10, "Tenth", "specd", "0010-tenth.md"),
    ]
    (root / "current.md").write_text(listed(*lines, items=PLANTED_ITEMS))
    changed = read_plan(root).files["0004-fourth.md"].document.spec
    assert changed.approval is not None
    statuses = "specd, approved, in-progress, done, withdrawn"
    fields = "status, readiness, known, missing, candidates"
    assert faults(root) == [
        f"current.md:19: wanted one of the fields {fields}, got 'owner'",
        (
            "current.md:22: 'More colours' is in progress without an approval; "
            "promote it to a spec, then have that approved"
        ),
        "current.md:37: the candidate 'Second' became 0002; take it out of Brainstormed",
        "current.md:47: 0006 is in-progress without an approval; run: tracemill spec approve 6",
        "current.md:48: wanted '0007: Seventh' as in specs/0007-seventh.md, got '0007: 7th'",
        f"current.md:49: wanted a status of {statuses}, got 'ready'",
        "current.md:50: wanted the file specs/0010-tenth.md, got none",
        (
            "specs/0003-third.md:8: overlaps with 0002 in spec_2.py; "
            "name 2 under one of depends_on, blocked_by, parallelizable_with"
        ),
        "specs/0003-third.md:21: depends_on names 0009, which does not exist",
        "specs/0004-fourth.md:30: the approval expired on 2026-03-14; have it approved again",
        (
            "specs/0004-fourth.md:31: the approval is void: a field was changed after it "
            f"(wanted spec_hash {changed.content_hash}, got {changed.approval.spec_hash}); "
            "have it approved again"
        ),
        (
            "specs/0005-fifth.md:12: /fail_first_tests/0: wanted a pytest id PATH::NAME, "
            "got 'the fifth one works'"
        ),
        "specs/0005-fifth.md:17: /owner: wanted no such key, got 'somebody'",
        (
            "specs/0005-fifth.md:30: wanted one of the headings Why, Decision, Rejected, Notes, "
            "got 'Verdict'"
        ),
        "specs/0005-fifth.md:36: wanted a section ## Decision, got none",
        "specs/0006-sixth.md:21: depends_on and blocked_by lead in a circle: 0006 -> 0007 -> 0006",
        (
            "specs/0008-eighth.md:4: kind planning touches only .md files and has no "
            "fail_first_tests or touch_points"
        ),
    ]
    report = lint(root, day=DAY)
    assert (report.checked, len(report.faults)) == (9, 17)


def test_more_planted_faults_are_judged_exactly(
    root: Path, spec_text: SpecText, listed: Listed
) -> None:
    """Paths that lead nowhere, a spec that watches itself, and one that is begun too early."""
    fields: dict[str, object] = {
        "files_to_touch": [{"path": "src/", "kind": "add"}, {"path": "../b.py", "kind": "add"}],
        "regression_tests": ["tests/test_b.py"],
        "blocked_by": [2],
    }
    third = spec_text(3, "Third", approved=True, invalidation_watch=["src/a.py"], **fields)
    (root / "specs/0003-third.md").write_text(third)
    (root / "src").mkdir()
    (root / "src/a.py").write_text("")
    (root / "current.md").write_text(
        listed(FIRST, SECOND, (3, "Third", "in-progress", "0003-third.md"))
    )
    path = "wanted a path from the top folder as git writes it, as in src/a.py, got '../b.py'"
    itself = "the spec touches 'src/a.py' itself, which would void its approval"
    assert faults(root) == [
        "current.md:27: 0003 is in-progress, but is blocked by 0002, which is approved",
        f"specs/0003-third.md:10: {path}",
        "specs/0003-third.md:16: wanted a file of tests, got none at 'tests/test_b.py'",
        f"specs/0003-third.md:28: {itself}",
    ]


BAD_FILES = [
    (b"", "specs/0003-bad.md:1: wanted +++ on the first line, got an empty file"),
    (b"\x00\x01", "specs/0003-bad.md: wanted UTF-8 text, got a binary file"),
    (b"+++\n\xe9\n", "specs/0003-bad.md:2: wanted UTF-8 text, got the byte 0xe9"),
    (b"title: x\n", "specs/0003-bad.md:1: wanted +++ on the first line, got 'title: x'"),
    (
        b"+++\nnumber = \nx = 1\n+++\n\n## Decision\n\nx\n\n## Rejected\n\ny\n",
        "specs/0003-bad.md:2: not TOML: Invalid value at column 10",
    ),
    (
        b"+++\nnumber = 3\n",
        "specs/0003-bad.md:2: wanted a second line +++ that ends the front matter, got none",
    ),
]


@pytest.mark.parametrize(("data", "message"), BAD_FILES)
def test_a_file_that_cannot_be_read_is_one_fault(root: Path, data: bytes, message: str) -> None:
    (root / "specs/0003-bad.md").write_bytes(data)
    assert faults(root) == [message]


def test_a_current_md_that_cannot_be_read_is_one_fault(root: Path) -> None:
    (root / "current.md").unlink()
    assert faults(root) == ["current.md: wanted a readable file, got: No such file or directory"]
    (root / "current.md").write_bytes(b"\xff")
    assert faults(root) == ["current.md:1: wanted UTF-8 text, got the byte 0xff"]


def test_a_file_in_another_form_is_a_fault(root: Path) -> None:
    path = root / "specs/0001-first.md"
    path.write_text(path.read_text().replace("risks = []", "risks = [ ]"))
    current = root / "current.md"
    current.write_text(current.read_text() + "\n")
    assert faults(root) == [
        "current.md:27: not in canonical form from this line on; run: tracemill spec format",
        (
            "specs/0001-first.md:16: not in canonical form from this line on; "
            "run: tracemill spec format"
        ),
    ]


def test_no_spec_at_all_is_not_green(tmp_path: Path, listed: Listed) -> None:
    (tmp_path / "current.md").write_text(listed())
    assert faults(tmp_path) == ["specs: wanted at least one spec, got none"]
    assert not lint(tmp_path, day=DAY).green


def test_drafts_are_not_counted_for_they_are_not_judged(root: Path) -> None:
    (root / "specs/draft/0003-third.md").write_text("a thought")
    assert lint(root, day=DAY) == Report(checked=3, faults=())


def test_what_a_killed_command_left_is_named(root: Path) -> None:
    for name in (".current.md.k1ll_ed0", "specs/.0002-second.md.abcdefgh"):
        (root / name).write_text("")
    do = "a killed command left it; remove it with: tracemill spec format"
    assert faults(root) == [
        f".current.md.k1ll_ed0: {do}",
        f"specs/.0002-second.md.abcdefgh: {do}",
    ]
