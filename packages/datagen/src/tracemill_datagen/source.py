"""Which code makes the data: version and digest of this package's own source."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from pathlib import Path

from tracemill_schema.canonical import tree_digest

GENERATOR = f"tracemill-datagen {version('tracemill-datagen')}"
"""Name and version, as traces and manifests carry it."""


@cache
def source_tree() -> str:
    """Return the digest of this package's source files as they are installed."""
    return tree_digest(Path(__file__).parent)
