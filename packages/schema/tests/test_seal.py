from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tracemill_schema.evidence import Digest
from tracemill_schema.jsonl import read_record
from tracemill_schema.seal import is_sealed, seal_path, unlink_sealed, write_sealed

RECORD = Digest(sha256="a" * 64)


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """A record in a file, with its seal beside it."""
    path = tmp_path / "evidence/lint.json"
    write_sealed(path, RECORD)
    return path


def test_the_seal_is_a_line_as_sha256sum_reads_it(sealed: Path) -> None:
    digest = hashlib.sha256(sealed.read_bytes()).hexdigest()
    assert seal_path(sealed).read_bytes() == f"{digest}  lint.json\n".encode()
    assert seal_path(sealed) == sealed.parent / "lint.json.sha256"
    assert read_record(sealed, Digest) == RECORD
    assert is_sealed(sealed)


@pytest.mark.parametrize("change", ["edited", "renamed", "unsealed", "gone", "other seal"])
def test_what_was_changed_is_not_sealed(sealed: Path, change: str) -> None:
    path = sealed
    if change == "edited":
        path.write_bytes(path.read_bytes() + b"\n")
    elif change == "renamed":
        path = path.rename(path.with_name("types.json"))
        seal_path(sealed).rename(seal_path(path))
    elif change == "unsealed":
        seal_path(path).unlink()
    elif change == "gone":
        path.unlink()
    else:
        seal_path(path).write_bytes(b"")
    assert not is_sealed(path)


def test_a_file_goes_with_its_seal(sealed: Path) -> None:
    unlink_sealed(sealed)
    assert list(sealed.parent.iterdir()) == []
    unlink_sealed(sealed)
