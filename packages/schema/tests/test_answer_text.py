from __future__ import annotations

import pytest

from tracemill_schema.answer_text import bare, folded, lines_of, plain, read_boolean, unquoted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 - 2", "4 - 2"),
        ("\N{MINUS SIGN}4", "-4"),
        ("\uff14\uff12", "42"),
        ("٤٢", "42"),
        ("\u200b42\ufeff", "42"),
        ("e\u0301", "é"),
        ("\u201ca\u201d \u2018b\u2019", "\"a\" 'b'"),
        ("10²", "10²"),
        ("½", "½"),
        ("a — b", "a — b"),
    ],
)
def test_look_alikes_become_characters_of_a_keyboard(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        (" 42 ", "42"),
        ("**42**", "42"),
        ("`a b`", "a b"),
        ("```\n42\n```", "42"),
        ("```json\n[1]\n```", "[1]"),
        ("```42```", "42"),
        ("$$\\boxed{42}$$.", "42"),
        ("\\(42\\)", "42"),
        ("\\[42\\]", "42"),
        ("\\boxed{\\text{a}}", "a"),
        ("\\boxed{a{b}}", "a{b}"),
        ("\\boxed{4}{2}", "\\boxed{4}{2}"),
        ("**4** and **2**", "**4** and **2**"),
        ("**", "**"),
        ("****", "****"),
        ("__init__", "__init__"),
        ("The answer is: 42", "42"),
        ("FINAL ANSWER = 42", "42"),
        ("**Answer:** `42`", "42"),
        ("**Answer**: 42", "42"),
        ("**The answer is 42**", "42"),
        ("The answer", "The answer"),
        ("Answer:", "Answer:"),
        ("answers: 42", "answers: 42"),
        ("The answer isolates", "The answer isolates"),
        ("The mean is 42", "The mean is 42"),
        ("`" * 3, "`" * 3),
        ("\\text{" * 20 + "a" + "}" * 20, "\\text{" * 12 + "a" + "}" * 12),
    ],
)
def test_only_what_encloses_or_leads_up_to_the_whole_is_taken_off(text: str, inner: str) -> None:
    assert bare(text) == inner


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a"', "a"),
        ("«a»", "a"),
        ("'a' or 'b'", "'a' or 'b'"),
        ('5"', '5"'),
        ('""', '""'),
        ("a", "a"),
    ],
)
def test_one_pair_of_quotes_is_taken_off(text: str, expected: str) -> None:
    assert unquoted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" New\n York ", "new york"),
        ("'Adelie'.", "adelie"),
        ('"Adelie."', "adelie"),
        ("Straße", "strasse"),
        ("...", "..."),
        ("'", "'"),
        ("5'", "5'"),
        ("Adelie .", "adelie"),
        ("", ""),
    ],
)
def test_white_space_case_quotes_and_full_stops_fold(text: str, expected: str) -> None:
    assert folded(text) == expected


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("42", ["42"]),
        ("42\n\n 43 \n", ["42", " 43"]),
        ("```\n42\n43\n```", ["42", "43"]),
        ("```\n42\n```", ["42"]),
        ("", []),
        ("\n", []),
    ],
)
def test_lines_that_hold_something_are_told_apart(text: str, lines: list[str]) -> None:
    assert lines_of(text) == lines


@pytest.mark.parametrize(
    ("text", "value"),
    [("Yes.", True), ("**false**", False), ("no", False), ("y", None), ("1", None), ("", None)],
)
def test_a_boolean_is_one_word(text: str, *, value: bool | None) -> None:
    assert read_boolean(text) is value
