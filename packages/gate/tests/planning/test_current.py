"""Reading and writing current.md."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracemill_gate.errors import SpecFaults
from tracemill_gate.planning import entry, marker
from tracemill_gate.planning.brainstorm import FIELDS, Item
from tracemill_gate.planning.current import Current, parse, read, render, scan
from tracemill_gate.planning.entry import Entry
from tracemill_gate.planning.marker import Marker

REAL = Path(__file__).parents[4]
GOOD = """# Where it stands

## Institutional Knowledge

- known
  and more
- also known

### Markers

- a.py: HACK: no other way (issue 3, 2026-11-20)

## Beliefs

- believed

### Experiments

<!-- made by a command -->

| a | b |
|---|---|

## Brainstormed

### An idea

- status: open
- readiness: early
- known: a little
- missing: much
- candidates: none

## Specd

- [0001: Records](specs/0001-records.md): done
- [0002: Bytes: canonical](specs/0002-bytes.md): in-progress
"""
CURRENT = Current(
    title="Where it stands",
    knowledge=("known\nand more", "also known"),
    markers=(
        Marker(path="a.py", word="HACK", reason="no other way", issue=3, on="2026-11-20", line=11),
    ),
    beliefs=("believed",),
    experiments="<!-- made by a command -->\n\n| a | b |\n|---|---|",
    brainstormed=(
        Item(
            title="An idea",
            status="open",
            readiness="early",
            known="a little",
            missing="much",
            candidates=(),
            line=26,
        ),
    ),
    entries=(
        Entry(number=1, title="Records", file="0001-records.md", status="done", line=36),
        Entry(
            number=2, title="Bytes: canonical", file="0002-bytes.md", status="in-progress", line=37
        ),
    ),
)


def test_all_sections_are_read_and_written() -> None:
    current = parse(GOOD, name="current.md")
    assert current == CURRENT
    assert [one.line for one in current.entries] == [36, 37]
    assert (current.markers[0].line, current.brainstormed[0].line) == (11, 26)
    assert render(current) == GOOD


WANTED = "Institutional Knowledge, Beliefs, Brainstormed, Specd"
ONCE = f"wanted the sections {WANTED}, each once in this order"
BULLET = "wanted '- TEXT', or its next line indented by two, got"
FAULTY = [
    (
        "## Beliefs",
        "## Opinions",
        [
            f"13: wanted only the sections {WANTED}, got 'Opinions'",
            f"37: {ONCE}, got Institutional Knowledge, Brainstormed, Specd",
        ],
    ),
    (
        "## Specd",
        "## Beliefs",
        [
            f"37: {ONCE}, got Institutional Knowledge, Beliefs, Brainstormed, Beliefs",
        ],
    ),
    (
        "# Where it stands",
        "Where it stands",
        ["1: wanted the heading '# TITLE' on the first line, got 'Where it stands'"],
    ),
    (
        "# Where it stands\n",
        "# Where it stands\nlost\n",
        ["2: wanted text only under ## headings, got 'lost'"],
    ),
    ("## Specd", "# Again\n## Specd", ["34: a second title 'Again'"]),
    ("- believed", "believed", [f"15: {BULLET} 'believed'"]),
    (
        "- believed\n\n### Experiments\n\n<!-- made by a command -->\n\n| a | b |\n|---|---|\n",
        "",
        ["13: the section 'Beliefs' is empty"],
    ),
    (
        "<!-- made by a command -->\n\n| a | b |\n|---|---|\n",
        "",
        ["17: the part 'Experiments' is empty"],
    ),
    (
        "### Markers",
        "### Notes",
        ["9: wanted only the heading ### Markers under Institutional Knowledge, got 'Notes'"],
    ),
    ("## Specd\n", "## Specd\n\n### Old\n", ["36: wanted no heading under Specd, got 'Old'"]),
    (
        "## Brainstormed\n",
        "## Brainstormed\n\nlost\n",
        ["26: wanted items under headings '### TITLE', got 'lost'"],
    ),
    (
        "### An idea",
        "### Markers\n\n### Markers",
        [
            *(f"26: wanted the field {field!r}, got none" for field in FIELDS),
            "28: a second heading 'Markers'",
        ],
    ),
    ("<!-- made", "```\n<!-- made", ["19: fenced code that is never closed"]),
    (
        "- status: open",
        "- status: open\n- owner: me",
        ["29: wanted one of the fields status, readiness, known, missing, candidates, got 'owner'"],
    ),
    (
        "a.py: HACK:",
        "a.py: XXX:",
        [
            f"11: wanted {marker.FORM!r}, got 'a.py: XXX: no other way (issue 3, 2026-11-20)'",
        ],
    ),
    (
        "- [0001: Records]",
        "- [1: Records]",
        [
            f"36: wanted {entry.FORM!r}, got '[1: Records](specs/0001-records.md): done'",
        ],
    ),
    (
        "- also known",
        "- also known\r",
        ["7: wanted lines that end with a newline alone, got a carriage return"],
    ),
]


@pytest.mark.parametrize(("old", "new", "messages"), FAULTY, ids=lambda value: str(value)[:24])
def test_faults_are_named_with_their_line(old: str, new: str, messages: list[str]) -> None:
    assert old in GOOD
    with pytest.raises(SpecFaults) as caught:
        parse(GOOD.replace(old, new, 1), name="current.md")
    assert str(caught.value).splitlines() == [f"current.md:{message}" for message in messages]


def test_an_empty_file_is_a_fault() -> None:
    current, faults = scan("", name="current.md")
    assert current.entries == ()
    assert [str(fault) for fault in faults] == [
        "current.md:1: wanted the heading '# TITLE' on the first line, got an empty file",
        f"current.md:1: {ONCE}, got none",
    ]


def test_what_can_be_read_of_a_faulty_file_is_kept() -> None:
    current, faults = scan(GOOD.replace("- believed", "believed"), name="current.md")
    assert len(faults) == 1
    assert current == dataclasses.replace(CURRENT, beliefs=())


def test_brainstormed_and_specd_may_be_empty() -> None:
    current = dataclasses.replace(CURRENT, markers=(), experiments="", brainstormed=(), entries=())
    text = render(current)
    assert text.endswith("- believed\n\n## Brainstormed\n\n## Specd\n")
    assert parse(text, name="current.md") == current


def test_the_file_of_this_repository_is_in_canonical_form() -> None:
    current = read(REAL)
    assert len(current.entries) >= 14
    assert render(current) == (REAL / "current.md").read_text(encoding="utf-8")


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SpecFaults, match=r"^current.md: wanted a readable file, got: No such"):
        read(tmp_path)


ALPHABET = st.characters(exclude_categories=["Cs"], exclude_characters="\n\r")
MARKS = ("# ", "#\t", "## ", "##\t", "### ", "###\t", "```", "~~~")


def is_line(text: str) -> bool:
    """Tell whether a text can be a line of a bullet: filled, without blanks around it, no fence."""
    return bool(text) and text == text.strip() and not text.startswith(("```", "~~~"))


LINE = st.text(ALPHABET, min_size=1, max_size=8).filter(is_line)
TEXT = st.lists(LINE, min_size=1, max_size=3).map("\n".join)
TITLE = LINE.filter(lambda text: not text.endswith("#"))
WORD = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
BLOCK = st.lists(LINE.filter(lambda text: not text.startswith("#")), max_size=3).map("\n\n".join)
ITEMS = st.lists(
    st.builds(
        Item,
        title=TITLE,
        status=st.sampled_from(["open", "parked", "in-progress"]),
        readiness=st.sampled_from(["early", "mid-spec", "near-spec"]),
        known=TEXT,
        missing=TEXT,
        candidates=st.lists(TEXT, max_size=2).map(tuple),
        line=st.just(0),
    ),
    max_size=2,
    unique_by=lambda item: item.title,
)
ENTRIES = st.lists(
    st.builds(
        Entry,
        number=st.integers(0, 9999),
        title=LINE,
        file=WORD.map("{}.md".format),
        status=st.sampled_from(["specd", "approved", "in-progress", "done", "withdrawn"]),
        line=st.just(0),
    ),
    max_size=3,
)
MODELS = st.builds(
    Current,
    title=TITLE,
    knowledge=st.lists(TEXT, min_size=1, max_size=2).map(tuple),
    markers=st.lists(
        st.builds(
            Marker,
            path=WORD,
            word=st.sampled_from(["TODO", "FIXME", "HACK"]),
            reason=TEXT,
            issue=st.integers(1, 99),
            on=st.dates().map(str),
            line=st.just(0),
        ),
        max_size=2,
    ).map(tuple),
    beliefs=st.lists(TEXT, min_size=1, max_size=2).map(tuple),
    experiments=BLOCK,
    brainstormed=ITEMS.map(tuple),
    entries=ENTRIES.map(lambda found: tuple(sorted(found, key=lambda one: one.number))),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(MODELS)
def test_what_is_rendered_parses_to_the_same_model(current: Current) -> None:
    text = render(current)
    assert parse(text, name="current.md") == current
    assert render(parse(text, name="current.md")) == text


def test_the_example_in_the_documentation_is_in_canonical_form() -> None:
    page = (REAL / "docs/planning.md").read_text(encoding="utf-8")
    example = page.partition("## current.md\n\n```text\n")[2].partition("```\n")[0]
    assert render(parse(example, name="docs/planning.md")) == example
