"""Reading bullets."""

from __future__ import annotations

from tracemill_gate.planning.bullet import Bullet, bullets, render

FORM = "wanted '- TEXT', or its next line indented by two, got "


def test_bullets_with_their_lines() -> None:
    lines = ["", "- one", "  more", "    indented", "", "- two  "]
    found, faults = bullets(enumerate(lines, start=11), name="x.md")
    assert faults == []
    assert found == (
        Bullet(text="one\nmore\n  indented", line=12),
        Bullet(text="two", line=16),
    )
    assert render([one.text for one in found]) == "- one\n  more\n    indented\n- two\n"


def test_every_other_line_is_a_fault() -> None:
    lines = ["text", "-", "- one", "", "  late", "* star", "-two", "### three"]
    found, faults = bullets(enumerate(lines, start=1), name="x.md")
    assert [one.text for one in found] == ["one"]
    assert [str(fault) for fault in faults] == [
        f"x.md:1: {FORM}'text'",
        f"x.md:2: {FORM}'-'",
        f"x.md:5: {FORM}'  late'",
        f"x.md:6: {FORM}'* star'",
        f"x.md:7: {FORM}'-two'",
        f"x.md:8: {FORM}'### three'",
    ]
