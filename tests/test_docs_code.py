"""The Python of the documents runs, and prints what stands behind each ``print``."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "sandbox.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
PRINTED = re.compile(r"^ *print\(.*\)  # (.*)$", re.MULTILINE)

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_block_prints_what_it_says(number: int) -> None:
    wanted = PRINTED.findall(BLOCKS[number])
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        block = compile(BLOCKS[number], f"{PAGE.name}-{number}", "exec")
        exec(block, {"__name__": "__main__"})  # noqa: S102 - our own page, that is what is tested
    assert wanted, "a block without a checked print proves nothing"
    assert said.getvalue().splitlines() == wanted
