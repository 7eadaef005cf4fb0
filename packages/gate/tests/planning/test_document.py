"""Reading spec files: every fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from tracemill_gate.errors import SpecFaults
from tracemill_gate.planning.document import (
    FILE_NAME,
    SpecDocument,
    heading,
    line_in,
    line_of,
    parse,
    read,
    render,
)
from tracemill_gate.planning.prose import SECTIONS, Section
from tracemill_schema.errors import RecordError
from tracemill_schema.spec import Spec

REAL = Path(__file__).parents[4]

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


BEFORE = "once, before the sections"
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
    ("number = 7", "number = ", 1, [f"{NAME}:2: not TOML: Invalid value at column 10"]),
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
            f"{NAME}:33: wanted '# 0008: Leases survive' {BEFORE}, got '# 0007: Leases survive'",
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
        [f"{NAME}:33: wanted '# 0007: Leases survive' once, before the sections, got '# Leases'"],
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
    with pytest.raises(SpecFaults, match=f"{NAME}:1: wanted UTF-8 text, got the byte 0xff"):
        read(tmp_path / NAME)
    with pytest.raises(SpecFaults, match="No such file"):
        read(tmp_path / "0008-none.md")


def test_lines_of_inline_values() -> None:
    front = 'number = 1\nrisks = [\n  "a",\n  5,\n]'
    assert line_of("/risks/1", front) == 5
    assert line_of("/title", front) == 1
    assert line_of("", front) == 1
    assert line_in(GOOD, "/files_to_touch/1/kind") == 30


EITHER = "wanted a pytest id PATH::NAME or a file of tests"
RULES = [
    (
        'fail_first_tests = ["tests/test_lease.py::test_restart"]',
        'fail_first_tests = [\n  "tests/test_lease.py::test_restart",\n  "leases survive",\n]',
        ["10: /fail_first_tests/1: wanted a pytest id PATH::NAME, got 'leases survive'"],
    ),
    (
        "regression_tests = []",
        'regression_tests = ["tests/a.py", "it works", 5]',
        [
            f"9: /regression_tests/1: {EITHER}, got 'it works'",
            f"9: /regression_tests/2: {EITHER}, got 5",
        ],
    ),
    (
        'kind = "change"',
        'kind = "planning"',
        [
            "4: kind planning touches only .md files and has no fail_first_tests or touch_points",
        ],
    ),
    (
        'fail_first_tests = ["tests/test_lease.py::test_restart"]',
        "fail_first_tests = []",
        ["4: kind change needs files_to_touch and fail_first_tests"],
    ),
    (
        "lines_min = 1",
        "lines_min = 11",
        ["20: lines_min must not be greater than lines_max"],
    ),
    (
        "risks = []",
        "risks = [] # none",
        ["11: no comment is kept here; write it under ## Notes: '# none'"],
    ),
    (
        "risks = []",
        "risks = []\nrisks = []",
        ["12: not TOML: Cannot overwrite a value at column 11"],
    ),
    (
        "risks = []",
        "risks = []\r",
        ["11: wanted lines that end with a newline alone, got a carriage return"],
    ),
]


@pytest.mark.parametrize(("old", "new", "messages"), RULES)
def test_rules_of_the_record_are_told_at_their_field(
    old: str, new: str, messages: list[str]
) -> None:
    assert old in GOOD
    with pytest.raises(SpecFaults) as caught:
        parse(GOOD.replace(old, new, 1), name=NAME)
    assert str(caught.value).splitlines() == [f"{NAME}:{message}" for message in messages]


def test_faults_are_told_by_the_path_that_was_given() -> None:
    with pytest.raises(SpecFaults, match="^specs/0008-x.md:2: wanted number = 8 as in the file"):
        parse(GOOD, name="specs/0008-x.md")


def test_a_spec_in_another_form_is_written_in_the_canonical_one() -> None:
    document = parse(GOOD, name=NAME)
    text = render(document)
    assert text != GOOD
    assert parse(text, name=NAME) == document
    assert render(parse(text, name=NAME)) == text


def test_the_specs_of_this_repository_are_in_canonical_form() -> None:
    paths = sorted((REAL / "specs").glob("*.md"))
    assert len(paths) >= 14
    for path in paths:
        assert render(read(path)) == path.read_text(encoding="utf-8"), path.name


LINE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
WORDS = LINE.filter(lambda text: text == " ".join(text.split()))
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
PATHS = st.lists(ANY_TEXT, max_size=2)
TEST_ID = st.just("tests/test_a.py::test_b[x y]")
NUMBERS = st.lists(st.integers(1, 9), max_size=2)
APPROVALS = st.none() | st.builds(
    lambda by, signal: {
        "by": by,
        "signal": signal,
        "on": "2026-01-01",
        "expires_on": "2026-02-01",
        "spec_hash": "a" * 64,
        "base_commit": "b" * 40,
    },
    by=ANY_TEXT,
    signal=ANY_TEXT,
)
SPEC_VALUES = st.fixed_dictionaries(
    {
        "number": st.integers(1, 9999),
        "title": WORDS,
        "kind": st.just("change"),
        "behaviour_change": ANY_TEXT,
        "user_intent": ANY_TEXT,
        "must_stay_unchanged": PATHS,
        "files_to_touch": st.lists(
            st.fixed_dictionaries({"path": ANY_TEXT, "kind": st.sampled_from(["add", "delete"])}),
            min_size=1,
            max_size=2,
        ),
        "fail_first_tests": st.lists(TEST_ID, min_size=1, max_size=2),
        "regression_tests": st.lists(TEST_ID, max_size=1),
        "non_goals": st.lists(
            st.fixed_dictionaries({"kind": st.just("prose"), "text": ANY_TEXT}), max_size=1
        ),
        "risks": PATHS,
        "rollback_trigger": ANY_TEXT,
        "touch_points": st.lists(
            st.fixed_dictionaries({"path": ANY_TEXT, "name": ANY_TEXT}), max_size=1
        ),
        "diff_shape": st.just({"lines_min": 0, "lines_max": 9}),
        "review_checks": PATHS,
        "depends_on": NUMBERS,
        "blocked_by": NUMBERS,
        "parallelizable_with": NUMBERS,
        "invalidation_watch": PATHS,
        "approval": APPROVALS,
    }
)


def is_prose(text: str) -> bool:
    """Tell whether a text can stand in a section: filled, no heading above its own, no fence."""
    lines = text.split("\n")
    marks = ("# ", "## ", "#\t", "##\t", "```", "~~~")
    free = not any(
        line.lstrip(" ").startswith(marks) or line.strip() in {"#", "##"} for line in lines
    )
    return free and bool(lines[0].strip() and lines[-1].strip())


TEXTS = (
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=8),
        min_size=1,
        max_size=4,
    )
    .map("\n".join)
    .filter(is_prose)
)
PROSE = st.fixed_dictionaries(
    {"Decision": TEXTS, "Rejected": TEXTS}, optional={"Why": TEXTS, "Notes": TEXTS}
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(values=SPEC_VALUES, prose=PROSE)
def test_what_is_rendered_parses_to_the_same_document(
    values: dict[str, object], prose: dict[str, str]
) -> None:
    try:
        spec = Spec.from_values(values, where="test")
    except RecordError:
        reject()  # two fields that may not stand together
    sections = tuple(Section(name=name, text=prose[name]) for name in SECTIONS if name in prose)
    document = SpecDocument(spec=spec, sections=sections)
    name = f"{spec.number:04d}-x.md"
    assert FILE_NAME.fullmatch(name)
    text = render(document)
    assert f"\n# {heading(spec)}\n" in text
    assert parse(text, name=name) == document


def test_an_approval_names_the_day_that_does_not_exist() -> None:
    head, _, tail = GOOD.rpartition("+++\n")
    approval = APPROVAL.replace("2026-04-01", "2027-02-31")
    with pytest.raises(SpecFaults) as caught:
        parse(head + approval + tail, name=NAME)
    message = "/approval/expires_on: must be a day that exists, got '2027-02-31'"
    assert str(caught.value) == f"{NAME}:36: {message}"


def test_front_matter_beyond_all_measure_is_one_fault() -> None:
    for value in ("[" * 3000 + "]" * 3000, "9" * 5000):
        with pytest.raises(SpecFaults, match=f"^{NAME}:11: wanted [^\n]*$"):
            parse(GOOD.replace("risks = []", f"risks = {value}"), name=NAME)
