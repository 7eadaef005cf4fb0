from __future__ import annotations

import pytest

from tracemill_schema.completion import CLOSE_ANSWER, OPEN_ANSWER, tagged


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("<answer>4</answer>", "4"),
        ("x<answer></answer>y", ""),
        ("<answer>4", None),
        ("4", None),
        ("</answer>4<answer>", None),
        ("<answer>4</answer><answer>5</answer>", None),
    ],
)
def test_only_one_whole_pair_counts(text: str, inside: str | None) -> None:
    assert tagged(text, OPEN_ANSWER, CLOSE_ANSWER) == inside
