"""The versions of what a result depends on."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

from tracemill_schema.canonical import content_id, tree_digest

LIBRARIES = (
    "tracemill-trainer", "tracemill-schema", "jax", "jaxlib", "flax", "optax",
    "orbax-checkpoint", "grain", "numpy",
)  # fmt: skip
"""Installed packages whose versions can change a result."""


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that can change a result."""
    return {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES}


@cache
def code_digest() -> str:
    """Return the digest of this package's source and of the versions: what made a result."""
    return content_id({"source": tree_digest(Path(__file__).parent), "versions": versions()})
