"""Writing TOML, and telling lines."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracemill_gate.errors import SpecFaults
from tracemill_gate.planning.toml import comments, line_of, loads, write

KEYS = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
FLAT = st.one_of(st.integers(-(2**63), 2**63 - 1), st.booleans(), TEXTS)
VALUES = st.recursive(
    FLAT, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)


@settings(max_examples=50)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_what_is_written_reads_as_what_it_was(values: dict[str, object]) -> None:
    assert tomllib.loads(write(values)) == values


def test_the_form_of_each_value() -> None:
    values = {
        "number": 7,
        "on": True,
        "title": 'say "no" \\ \x7f\n',
        "none": [],
        "numbers": [1, 2],
        "texts": ["a"],
        "tables": [{"path": "a.py", "kind": "add"}],
        "left_out": None,
        "shape": {"min": 0, "max": 1},
        "approval": {"by": "owner", "days": 3},
    }
    assert write(values, tables=("approval", "absent")) == (
        "number = 7\n"
        "on = true\n"
        'title = "say \\"no\\" \\\\ \\u007F\\n"\n'
        "none = []\n"
        "numbers = [1, 2]\n"
        'texts = [\n  "a",\n]\n'
        'tables = [\n  {path = "a.py", kind = "add"},\n]\n'
        "shape = {min = 0, max = 1}\n"
        "\n"
        "[approval]\n"
        'by = "owner"\n'
        "days = 3\n"
    )


ODD = '''one = 1
# a comment, and "a quote
two = """
three = 3 # no comment
"""
"four" = ["a", # a comment
  "b]",
  {five = 5, six = [6,
    66]},
]
seven.eight = 'it # is'
day = 2026-01-01 10:00:00
[nine.ten]
eleven = 1.5
[[twelve]]
a = 1
[[twelve]]
a = """"quoted""""
"x/y" = 2
[odd.deep]
'''
LINES = [
    ("/one", 1),
    ("/two", 3),
    ("/four", 6),
    ("/four/0", 6),
    ("/four/1", 7),
    ("/four/2/five", 8),
    ("/four/2/six/1", 9),
    ("/four/2/none", 8),
    ("/seven/eight", 11),
    ("/day", 12),
    ("/nine/ten", 13),
    ("/nine/ten/eleven", 14),
    ("/twelve/0", 15),
    ("/twelve/1/a", 18),
    ("/twelve/1/b", 17),
    ("/twelve/1/x~1y", 19),
    ("/odd/deep", 20),
    ("/odd", 20),
    ("/none", None),
    ("", None),
]


@pytest.mark.parametrize(("pointer", "line"), LINES)
def test_the_line_of_a_value(pointer: str, line: int | None) -> None:
    assert tomllib.loads(ODD)["twelve"][1]["a"] == '"quoted"'
    assert line_of(pointer, ODD) == line


def test_comments_are_told_from_signs_in_texts() -> None:
    found = [(comment.line, comment.text) for comment in comments(ODD)]
    assert found == [(2, '# a comment, and "a quote'), (6, "# a comment")]


@settings(max_examples=50)
@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
def test_every_key_of_what_is_written_has_its_line(values: dict[str, object]) -> None:
    text = write(values)
    lines = text.split("\n")
    for key in values:
        line = line_of(f"/{key}", text)
        assert line is not None
        assert lines[line - 1].startswith(f"{key} = ")


DEEP = "x = " + "[" * 3000 + "]" * 3000
BROKEN = [
    ("a = 1\na = 2\n", "f:2: not TOML: Cannot overwrite a value at column 6"),
    ("a = \n", "f:1: not TOML: Invalid value at column 5"),
    ('a = 1\nb = "', "f:2: not TOML: Unterminated string (at end of document)"),
    (f"a = 1\n{DEEP}", "f:2: wanted values at most 32 deep, got deeper ones"),
    (f"a = 1\nb{'.c' * 300} = 1", "f:2: wanted values at most 32 deep, got deeper ones"),
    (f"a = 1\nb{' . c' * 3000} = 1", "f:2: wanted values at most 32 deep, got deeper ones"),
    (f"[b{'.c' * 300}]", "f:1: wanted values at most 32 deep, got deeper ones"),
    (
        f"a = 1\n\nb = {'9' * 5000}",
        "f:3: wanted a number or a key of up to 1000 characters, got one of 5000",
    ),
]


@pytest.mark.parametrize(("text", "message"), BROKEN, ids=range(len(BROKEN)))
def test_what_cannot_be_read_is_one_fault_with_its_line(text: str, message: str) -> None:
    with pytest.raises(SpecFaults) as caught:
        loads(text, where="f")
    assert str(caught.value) == message


def test_lines_before_the_text_count() -> None:
    with pytest.raises(SpecFaults, match="^f:12: not TOML"):
        loads("a = 1\na = 2\n", where="f", before=10)


def test_values_are_read() -> None:
    many = "".join(f"k{n}.a = 1.5\n" for n in range(40))
    assert len(loads(many, where="f")) == 40
    assert loads('a = [[1], "[[[["]', where="f") == {"a": [[1], "[[[["]}
