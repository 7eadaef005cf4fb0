"""The versions of what a result depends on."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

import tracemill_schema
from tracemill_schema.canonical import content_id, tree_digest
from tracemill_schema.readiness import LIBRARIES, SCHEMA_SOURCE, TRAINER_SOURCE


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that can change a result."""
    return {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES}


@cache
def trainer_source() -> str:
    """Return the digest of this package's source files as they are installed."""
    return tree_digest(Path(__file__).parent)


@cache
def schema_source() -> str:
    """Return the digest of the schema's source: it makes the examples and reads the records."""
    return tree_digest(Path(str(tracemill_schema.__file__)).parent)


def sources() -> dict[str, str]:
    """Return the digests of the code that trains, by the names that evidence gives them."""
    return {TRAINER_SOURCE: trainer_source(), SCHEMA_SOURCE: schema_source()}


@cache
def code_digest() -> str:
    """Return the digest of this package's source and of the versions: what made a result."""
    return content_id({"source": trainer_source(), "versions": versions()})
