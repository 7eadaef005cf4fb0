"""Reading spec files: every fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_gate.errors import SpecFaults
from tracemill_gate.planning.document import Section, line_of, parse, read

GOOD = """+++
number = 7
title = "Leases survive"
kind = "change"
behaviour_change = "a restart keeps leases"
user_intent = "no run is lost"
must_stay_unchanged = []
fail_first_tests = ["tests/test_lease.py::test_restart"]
regression_tests = []
non_goals = []
risks = []
rollback_trigger = "a run is claimed twice"
touch_points = []
review_checks = []
depends_on = []
blocked_by = []
parallelizable_with = []
invalidation_watch = []

[diff_shape]
lines_min = 1
lines_max = 10

[[files_to_touch]]
path = "a.py"
kind = "modify"

[[files_to_touch]]
path = "b.py"
kind = "add"
+++

# 0007: Leases survive

## Why

Runs were lost.

## Decision

Keep them.

## Rejected

Nothing.
"""
NAME = "0007-leases-survive.md"


def test_a_good_spec_is_read() -> None:
    document = parse(GOOD, name=NAME)
    assert document.spec.number == 7
    assert document.spec.approval is None
    assert [change.path for change in document.spec.files_to_touch] == ["a.py", "b.py"]
    assert document.sections == (
        Section(name="Why", text="Runs were lost."),
        Section(name="Decision", text="Keep them."),
        Section(name="Rejected", text="Nothing."),
    )


APPROVAL = """
[approval]
by = "owner"
signal = "yes"
on = 2026-03-01
expires_on = "2026-04-01"
spec_hash = "{hash}"
base_commit = "{commit}"
+++
""".replace("{hash}", "a" * 64).replace("{commit}", "b" * 40)


def test_an_approval_is_read_with_dates_in_either_form() -> None:
    head, _, tail = GOOD.rpartition("+++\n")
    spec = parse(head + APPROVAL + tail, name=NAME).spec
    assert spec.approval is not None
    assert (spec.approval.on, spec.approval.expires_on) == ("2026-03-01", "2026-04-01")


RENAME = "wanted Input should be 'add', 'modify' or 'delete', got 'rename'"
LINES = "wanted Input should be greater than or equal to 1, got 0"
KNOWN = "Why, Decision, Rejected, Notes"
FAULTY = [
    ("+++\n", "", 1, [f"{NAME}:1: wanted +++ on the first line, got 'number = 7'"]),
    (
        "+++\n\n# 0007",
        "\n# 0007",
        1,
        [f"{NAME}:44: wanted a second line +++ that ends the front matter, got none"],
    ),
    ("number = 7", "number = ", 1, [f"{NAME}:2: not TOML: Invalid value (at line 1, column 10)"]),
    (
        "number = 7",
        'number = "7"',
        1,
        [f"{NAME}:2: /number: wanted Input should be a valid integer, got '7'"],
    ),
    (
        "number = 7",
        "number = 8",
        1,
        [
            f"{NAME}:2: wanted number = 7 as in the file name, got 8",
            f"{NAME}:33: wanted '# 0008: Leases survive' once, got '# 0007: Leases survive'",
        ],
    ),
    (
        'kind = "add"',
        'kind = "rename"',
        1,
        [f"{NAME}:30: /files_to_touch/1/kind: {RENAME}"],
    ),
    (
        "lines_max = 10",
        "lines_max = 0",
        1,
        [f"{NAME}:22: /diff_shape/lines_max: {LINES}"],
    ),
    (
        "risks = []",
        "risk = []",
        1,
        [
            f"{NAME}:1: /risks: wanted a value, got nothing",
            f"{NAME}:11: /risk: wanted no such key, got []",
        ],
    ),
    (
        "## Decision",
        "## Decisions",
        1,
        [
            f"{NAME}:39: wanted one of the headings {KNOWN}, got 'Decisions'",
            f"{NAME}:45: wanted a section ## Decision, got none",
        ],
    ),
    ("Keep them.", "", 1, [f"{NAME}:39: the section 'Decision' is empty"]),
    (
        "## Why",
        "## Rejected",
        1,
        [
            f"{NAME}:43: a second section 'Rejected'",
            f"{NAME}:39: the section 'Decision' stands before 'Rejected', not after it",
        ],
    ),
    (
        "# 0007: Leases survive",
        "# Leases",
        1,
        [f"{NAME}:33: wanted '# 0007: Leases survive' once, got '# Leases'"],
    ),
    (
        "# 0007: Leases survive",
        "",
        1,
        [f"{NAME}:32: wanted the heading '# 0007: Leases survive', got none"],
    ),
]


@pytest.mark.parametrize("case", FAULTY, ids=lambda case: case[1][:20] or "removed")
def test_every_fault_is_named_with_its_line(case: tuple[str, str, int, list[str]]) -> None:
    old, new, count, messages = case
    assert old in GOOD
    with pytest.raises(SpecFaults) as caught:
        parse(GOOD.replace(old, new, count), name=NAME)
    assert str(caught.value).splitlines() == messages
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("name", ["7-leases.md", "0007_leases.md", "0007-Leases.md", "0007-.md"])
def test_a_file_name_of_another_form_is_a_fault(name: str) -> None:
    with pytest.raises(SpecFaults, match=f"{name}:1: wanted a file name NNNN-slug.md"):
        parse(GOOD, name=name)


def test_an_empty_file_is_a_fault() -> None:
    with pytest.raises(SpecFaults, match=f"{NAME}:1: wanted .* first line, got an empty file"):
        parse("", name=NAME)


def test_headings_in_code_and_below_the_second_level_are_free() -> None:
    text = GOOD.replace("Keep them.", "```\n## Anything\n```\n\n### Also\n\ntext")
    assert len(parse(text, name=NAME).sections) == 3


def test_a_file_that_is_not_text_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"\xff\xfe")
    with pytest.raises(SpecFaults, match=f"{NAME}: wanted readable UTF-8 text, got: "):
        read(tmp_path / NAME)
    with pytest.raises(SpecFaults, match="No such file"):
        read(tmp_path / "0008-none.md")


def test_lines_of_inline_values() -> None:
    lines = ["number = 1", 'risks = ["a", 5]']
    assert line_of("/risks/1", lines) == 3
    assert line_of("/title", lines) == 1
    assert line_of("", lines) == 1
