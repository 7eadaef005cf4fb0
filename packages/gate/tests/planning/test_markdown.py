"""Headings outside fenced code."""

from __future__ import annotations

from tracemill_gate.planning.markdown import headings, section_text

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


def test_a_fence_is_closed_only_by_its_own_mark() -> None:
    lines = ["~~~~", "~~~", "# no", "~~~~", "# yes"]
    assert [heading.name for heading in headings(lines)] == ["yes"]
