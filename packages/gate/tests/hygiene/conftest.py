"""Source files that are made from a text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.hygiene.source import Source

Make = Callable[..., Source]


@pytest.fixture
def source() -> Make:
    """Return a function that makes a source file from its text."""

    def make(text: str, path: str = "src/a.py", *, is_test: bool = False) -> Source:
        return Source(path=path, text=text, is_test=is_test)

    return make


@pytest.fixture
def clean(gated: Path) -> Path:
    """A repository with one module and one page under ``src``, and nothing wrong in them."""
    (gated / "src").mkdir()
    (gated / "src/a.py").write_text("def a(b: int) -> int:\n    return b\n")
    (gated / "src/README.md").write_text("# a\n")
    return gated
