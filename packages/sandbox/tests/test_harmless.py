from __future__ import annotations

import pytest

from tracemill_sandbox.harmless import shown


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain, two\nlines\tand é 日本 \N{NO-BREAK SPACE}€", None),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x9b2J", "\\x9b2J"),
        ("50 %\r100 %", "50 %\\r100 %"),
        ("\a\b\0\x7f", "\\x07\\x08\\x00\\x7f"),
        ("\u202etxt.exe\u2066", "\\u202etxt.exe\\u2066"),
        ("\u2028\u2029\x0b\x0c\x85", "\\u2028\\u2029\\x0b\\x0c\\x85"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_a_terminal_would_do_something_for_is_written_out(text: str, seen: str | None) -> None:
    assert shown(text) == (text if seen is None else seen)


def test_in_one_line_line_breaks_are_written_out_as_well() -> None:
    assert shown("a\nok: b\tc", apart_from="") == "a\\nok: b\\tc"
