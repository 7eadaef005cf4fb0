"""A folder that one command at a time writes to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_datagen.errors import BadRequest
from tracemill_datagen.held import held
from tracemill_schema.jsonl import CannotWrite


def test_a_second_holder_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    with held(folder), pytest.raises(BadRequest, match="another command is writing there"):
        held(folder).__enter__()
    with held(folder):
        assert folder.is_dir()


def test_what_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite, match="could not be made"):
        held(tmp_path / "file" / "folder").__enter__()
