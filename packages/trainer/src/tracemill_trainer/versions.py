"""The versions of what a result depends on."""

from __future__ import annotations

import platform
from importlib.metadata import version

LIBRARIES = (
    "tracemill-trainer", "tracemill-schema", "jax", "jaxlib", "flax", "optax",
    "orbax-checkpoint", "grain", "numpy",
)  # fmt: skip
"""Installed packages whose versions can change a result."""


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that can change a result."""
    return {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES}
