"""Rules about specs; the linter's own test holds what is not here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tracemill_gate.planning import spec_rule
from tracemill_gate.planning.plan import Plan, read_plan

SpecText = Callable[..., str]
Listed = Callable[..., str]
DAY = date(2026, 3, 15)


@pytest.fixture
def plan_of(root: Path, spec_text: SpecText, listed: Listed) -> Callable[..., Plan]:
    """Return a function that adds spec 3 with a status, and 4 that is withdrawn."""

    def make(status: str, **fields: object) -> Plan:
        (root / "specs/0003-third.md").write_text(spec_text(3, "Third", **fields))
        (root / "specs/0004-gone.md").write_text(spec_text(4, "Gone"))
        lines = (
            (1, "First", "done", "0001-first.md"),
            (2, "Second", "approved", "0002-second.md"),
            (3, "Third", status, "0003-third.md"),
            (4, "Gone", "withdrawn", "0004-gone.md"),
        )
        (root / "current.md").write_text(listed(*lines))
        return read_plan(root)

    return make


def test_numbers_are_used_once(root: Path, plan_of: Callable[..., Plan]) -> None:
    plan_of("specd")
    third = (root / "specs/0003-third.md").read_text()
    (root / "specs/0003-thirdly.md").write_text(third)
    for name in ("0003-third.md", "0002-other.md", "0007-new.md", "0007-newer.md", "plan.md"):
        (root / "specs/draft" / name).write_text("")
    found = [str(fault) for fault in spec_rule.has_its_own_number(read_plan(root))]
    assert found == [
        "specs/0003-thirdly.md:2: the number is also that of specs/0003-third.md",
        "specs/draft/0002-other.md:1: the number is also that of specs/0002-second.md",
        (
            "specs/draft/0003-third.md:1: specs/0003-third.md is there already; "
            "run again: tracemill spec promote specs/draft/0003-third.md"
        ),
        "specs/draft/0007-newer.md:1: the number is also that of specs/draft/0007-new.md",
        "specs/draft/plan.md:1: wanted a file name NNNN-slug.md in lower case",
    ]


@pytest.mark.parametrize("relation", spec_rule.RELATIONS)
def test_a_live_spec_leads_to_none_that_was_withdrawn(
    plan_of: Callable[..., Plan], relation: str
) -> None:
    found = [str(f) for f in spec_rule.names_specs(plan_of("specd", **{relation: [1, 4]}))]
    assert [message.partition(" ")[2] for message in found] == [
        f"{relation} names 0004, which is withdrawn"
    ]
    assert list(spec_rule.names_specs(plan_of("done", **{relation: [1, 4]}))) == []


SAME = [{"path": "spec_2.py", "kind": "add"}]


@pytest.mark.parametrize("relation", spec_rule.RELATIONS)
def test_an_overlap_is_declared_by_either_of_the_two(
    plan_of: Callable[..., Plan], relation: str
) -> None:
    assert len(list(spec_rule.declares_overlaps(plan_of("specd", files_to_touch=SAME)))) == 1
    declared = plan_of("specd", files_to_touch=SAME, **{relation: [2]})
    assert list(spec_rule.declares_overlaps(declared)) == []


def test_only_live_specs_overlap(plan_of: Callable[..., Plan]) -> None:
    assert list(spec_rule.declares_overlaps(plan_of("done", files_to_touch=SAME))) == []


def test_many_places_of_an_overlap_are_counted(
    plan_of: Callable[..., Plan], root: Path, spec_text: SpecText
) -> None:
    many = [{"path": f"{name}.py", "kind": "add"} for name in "abcde"]
    (root / "specs/0002-second.md").write_text(spec_text(2, "Second", files_to_touch=many))
    found = list(spec_rule.declares_overlaps(plan_of("specd", files_to_touch=many)))
    assert [fault.message for fault in found] == [
        (
            "overlaps with 0002 in a.py, b.py, c.py and 2 more; "
            "name 2 under one of depends_on, blocked_by, parallelizable_with"
        )
    ]


NOT_OF_GIT = [
    "/etc/passwd",
    "../a.py",
    "a/../b.py",
    "a\\b.py",
    "./a.py",
    "a//b.py",
    "a/./b.py",
    "//",
]


@pytest.mark.parametrize("path", NOT_OF_GIT)
def test_paths_are_written_as_git_writes_them(plan_of: Callable[..., Plan], path: str) -> None:
    plan = plan_of(
        "specd",
        files_to_touch=[{"path": "a.py", "kind": "add"}, {"path": path, "kind": "add"}],
        touch_points=[{"path": path, "name": "f"}],
        invalidation_watch=["b.py", f"{path}.other"],
    )
    message = "wanted a path from the top folder as git writes it, as in src/a.py, got"
    assert [str(fault) for fault in spec_rule.names_paths(plan)] == [
        f"specs/0003-third.md:10: {message} {path!r}",
        f"specs/0003-third.md:20: {message} {path!r}",
        f"specs/0003-third.md:29: {message} {path + '.other'!r}",
    ]


def test_no_spec_watches_what_it_touches_itself(plan_of: Callable[..., Plan]) -> None:
    touched = [{"path": "src/", "kind": "modify"}, {"path": "a.py", "kind": "add"}]
    plan = plan_of("specd", files_to_touch=touched, invalidation_watch=["src/b.py", "c.py"])
    assert [str(fault) for fault in spec_rule.watches_others(plan)] == [
        "specs/0003-third.md:26: the spec touches 'src/b.py' itself, which would void its approval"
    ]


def test_what_a_live_spec_modifies_watches_or_runs_is_there(
    root: Path, plan_of: Callable[..., Plan]
) -> None:
    (root / "src").mkdir()
    fields: dict[str, object] = {
        "files_to_touch": [
            {"path": "src/", "kind": "modify"},
            {"path": "a.py", "kind": "modify"},
            {"path": "b.py", "kind": "delete"},
            {"path": "c.py", "kind": "add"},
        ],
        "regression_tests": ["tests/test_a.py::test_a", "tests/test_b.py"],
        "invalidation_watch": ["d.py"],
    }
    (root / "tests").mkdir()
    (root / "tests/test_b.py").write_text("")
    begun = [
        "specs/0003-third.md:10: wanted a file to modify, got none at 'a.py'",
        "specs/0003-third.md:18: wanted a file of tests, got none at 'tests/test_a.py'",
        "specs/0003-third.md:31: wanted a file to watch, got none at 'd.py'",
    ]
    found = [str(fault) for fault in spec_rule.names_files(plan_of("in-progress", **fields))]
    assert found == begun
    found = [str(fault) for fault in spec_rule.names_files(plan_of("specd", **fields))]
    deleted = "specs/0003-third.md:11: wanted a file to delete, got none at 'b.py'"
    assert found == [begun[0], deleted, *begun[1:]]
    assert list(spec_rule.names_files(plan_of("done", **fields))) == []


def test_an_approval_expires_only_while_a_spec_is_live(plan_of: Callable[..., Plan]) -> None:
    late = date(2026, 6, 1)
    message = "the approval expired on 2026-04-01; have it approved again"
    for status, count in (("approved", 2), ("in-progress", 2), ("done", 1), ("withdrawn", 1)):
        found = spec_rule.holds_its_approval(plan_of(status, approved=True), late)
        assert [fault.message for fault in found] == [message] * count, status


def test_paths_of_tests_and_of_forbidden_places_are_paths_too(
    plan_of: Callable[..., Plan],
) -> None:
    plan = plan_of(
        "specd",
        fail_first_tests=["./test_a.py::test_a"],
        regression_tests=["tests//test_a.py"],
        non_goals=[{"kind": "path", "text": "./docs/"}, {"kind": "prose", "text": "./x//y"}],
    )
    assert [fault.message.rpartition("got ")[2] for fault in spec_rule.names_paths(plan)] == [
        "'./test_a.py'",
        "'tests//test_a.py'",
        "'./docs/'",
    ]


def test_a_folder_ends_with_a_slash_and_a_file_does_not(
    root: Path, plan_of: Callable[..., Plan]
) -> None:
    (root / "src").mkdir()
    (root / "a.py").write_text("")
    plan = plan_of(
        "specd",
        files_to_touch=[{"path": "src", "kind": "add"}, {"path": "a.py/", "kind": "modify"}],
        touch_points=[{"path": "src", "name": "new:*"}, {"path": "src/", "name": "new:*"}],
        invalidation_watch=["specs"],
    )
    assert [str(fault) for fault in spec_rule.names_files(plan)] == [
        "specs/0003-third.md:9: wanted a file, got a folder; write all files below as 'src/'",
        "specs/0003-third.md:20: wanted a file, got a folder; write all files below as 'src/'",
        "specs/0003-third.md:29: wanted a file, got a folder; write all files below as 'specs/'",
        "specs/0003-third.md:10: wanted a folder to modify, got none at 'a.py/'",
    ]


def test_every_text_says_something(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of("specd", approved=True, behaviour_change=" ", risks=["x", "\n"])
    assert [str(fault) for fault in spec_rule.has_words(plan)] == [
        "specs/0003-third.md:5: /behaviour_change: wanted words, got ' '",
        "specs/0003-third.md:18: /risks/1: wanted words, got '\\n'",
    ]
    text = (plan.root / "specs/0003-third.md").read_text()
    text = text.replace('by = "owner"', 'by = "\\t"')
    (plan.root / "specs/0003-third.md").write_text(text)
    found = [fault.message for fault in spec_rule.has_words(read_plan(plan.root))]
    assert found[-1] == "/approval/by: wanted words, got '\\t'"
