"""The outline of current.md."""

from __future__ import annotations

from tracemill_gate.planning.markdown import lines_of
from tracemill_gate.planning.outline import blocks, body, faults

TEXT = """# Title

## Institutional Knowledge
- a
### Markers
- m
## Beliefs
- b
### Experiments
#### deep
| x |
## Brainstormed
### An item
- status: open
## Specd
- s
"""


def test_what_stands_under_each_heading() -> None:
    found = blocks(lines_of(TEXT))
    assert body(found, "Institutional Knowledge") == ((4, "- a"),)
    assert body(found, "Institutional Knowledge", "Markers") == ((6, "- m"),)
    assert body(found, "Beliefs", "Experiments") == ((10, "#### deep"), (11, "| x |"))
    assert body(found, "Brainstormed") == ()
    assert body(found, "Beliefs", "Markers") == ()
    assert faults(found, lines_of(TEXT), name="x.md") == []


def test_a_heading_in_fenced_code_is_text() -> None:
    text = TEXT.replace("| x |", "```\n## Beliefs\n```")
    found = blocks(lines_of(text))
    assert body(found, "Beliefs", "Experiments")[-2] == (12, "## Beliefs")
    assert faults(found, lines_of(text), name="x.md") == []
