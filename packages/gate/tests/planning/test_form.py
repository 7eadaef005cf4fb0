"""The canonical form, written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tracemill_gate.errors import SpecFaults
from tracemill_gate.planning.form import format_all
from tracemill_gate.planning.lint import lint


def test_only_files_in_another_form_are_written(root: Path) -> None:
    spec = root / "specs/0001-first.md"
    good = spec.read_text()
    untouched = (root / "specs/0002-second.md").stat()
    spec.write_text(good.replace("risks = []", "risks = [\n]"))
    assert format_all(root) == ("specs/0001-first.md",)
    assert spec.read_text() == good
    assert (root / "specs/0002-second.md").stat() == untouched
    assert lint(root, day=date(2026, 3, 15)).green
    current = root / "current.md"
    current.write_text(current.read_text().replace("- known\n", "-  known  \n\n\n"))
    assert format_all(root) == ("current.md",)
    assert format_all(root) == ()


def test_a_comment_is_not_lost_but_refused(root: Path) -> None:
    spec = root / "specs/0001-first.md"
    spec.write_text(spec.read_text().replace("risks = []", "risks = [] # none"))
    before = spec.read_bytes()
    message = "^specs/0001-first.md:16: no comment is kept here; write it under ## Notes: '# none'$"
    with pytest.raises(SpecFaults, match=message):
        format_all(root)
    assert spec.read_bytes() == before


def test_what_a_killed_command_left_is_removed(root: Path) -> None:
    left = root / "specs/.0001-first.md.abcdefgh"
    left.write_text("")
    assert format_all(root) == ()
    assert not left.exists()
