"""Which code makes the data: its version and the digests of its source."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from pathlib import Path

import tracemill_schema
from tracemill_schema.canonical import content_id, tree_digest

GENERATOR = f"tracemill-datagen {version('tracemill-datagen')}"
"""Name and version, as traces and manifests carry it."""


@cache
def source_tree() -> str:
    """Return the digest of this package's source files as they are installed."""
    return tree_digest(Path(__file__).parent)


@cache
def deciding_trees() -> str:
    """Return one digest of all source that decides what is made: this package's and the schema's.

    Answers are judged and claims replayed by the schema, so what was made under another one does
    not stand.
    """
    schema = Path(str(tracemill_schema.__file__)).parent
    return content_id([source_tree(), tree_digest(schema)])
