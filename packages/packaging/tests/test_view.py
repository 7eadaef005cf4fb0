"""A verified bundle as text."""

from __future__ import annotations

from pathlib import Path

from tracemill_bundle import view
from tracemill_bundle.verify import verify


def test_the_lines_name_every_part(archive_file: Path) -> None:
    found = verify(archive_file, key=None)
    lines = list(view.lines(found))
    words = [line.split()[0] for line in lines]
    assert words == [
        "bundle",
        "not",
        "not",
        "not",
        "files",
        "signature",
        "dataset",
        "model",
        "model",
        "evaluation",
        "evaluation",
        "evidence",
        "evidence",
        "evidence",
        "evidence",
        "evidence",
        "evidence",
    ]
    own = [line for line in lines if line.endswith(", the bundle's own")]
    assert own[0].startswith("model       traces ")
