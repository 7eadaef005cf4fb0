"""Headings outside fenced code."""

from __future__ import annotations

import pytest

from tracemill_gate.planning.markdown import headings, lines_of, open_fence, section_text, trimmed

TEXT = """# One
text
## Two
```
# not a heading
~~~
```
### Three ###
more

#hashtag
## Four
end"""
LINES = TEXT.splitlines()


def test_headings_with_level_and_line() -> None:
    found = [(heading.level, heading.name, heading.line) for heading in headings(LINES)]
    assert found == [(1, "One", 1), (2, "Two", 3), (3, "Three", 8), (2, "Four", 12)]


def test_a_section_reaches_to_the_next_of_its_level() -> None:
    one, two, _, four = headings(LINES)
    assert section_text(LINES, two).splitlines()[-1] == "#hashtag"
    assert section_text(LINES, four) == "end"
    assert section_text(LINES, one).endswith("end")


def test_a_sign_that_belongs_to_the_text_stays() -> None:
    assert [heading.name for heading in headings(["# C#", "# a # b #"])] == ["C#", "a # b"]


FENCES = [
    (["~~~~", "~~~", "# no", "~~~~", "# yes"], ["yes"], None),
    (["```python", "# no", "``` # no", "```", "# yes"], ["yes"], None),
    (["``` a ` b", "# yes"], ["yes"], None),
    (["# yes", "```", "# no"], ["yes"], 2),
    (["    ```", "# yes"], ["yes"], None),
    (["```"], [], 1),
    ([], [], None),
]


@pytest.mark.parametrize(("lines", "names", "line"), FENCES)
def test_a_fence_is_closed_only_by_its_own_mark(
    lines: list[str], names: list[str], line: int | None
) -> None:
    assert [heading.name for heading in headings(lines)] == names
    assert open_fence(lines) == line


def test_only_a_newline_ends_a_line() -> None:
    assert lines_of("") == []
    assert lines_of("\n") == [""]
    assert lines_of("a\x0cb\u2028c\n\nd\n") == ["a\x0cb\u2028c", "", "d"]


def test_blank_lines_around_a_text_are_left_out_and_indentation_stays() -> None:
    assert trimmed([" ", "", "  a", "", "b ", "\t"]) == "  a\n\nb "
    assert trimmed(["", " "]) == ""
