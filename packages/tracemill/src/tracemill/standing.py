"""How a stage stands: the digest of all that it depends on, and whether its stamp still holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import requires, version
from importlib.util import find_spec
from pathlib import Path

from tracemill.stage import Stage, folder_digest, stage_key
from tracemill.stamp import Stamp, read_stamp, why_stale
from tracemill_schema.canonical import content_id, tree_digest

DISTRIBUTIONS = {
    "tracemill_schema": "tracemill-schema",
    "tracemill_sandbox": "tracemill-sandbox",
    "tracemill_datagen": "tracemill-datagen",
    "tracemill_trainer": "tracemill-trainer",
    "tracemill_bundle": "tracemill-packaging",
    "tracemill_gate": "tracemill-gate",
}
"""Import name -> distribution, whose declared dependencies count as code of the stage."""

EXTRA = re.compile(r";.*\bextra\s*==")
"""The marker of a requirement that only an extra brings (PEP 508)."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a stage stands: ``stale`` is None if it is done and unchanged."""

    stage: Stage
    key: str
    stamp: Stamp | None
    stale: str | None


def standing_of(stage: Stage, workspace: Path) -> Standing:
    """Return how a stage of a workspace stands, without running anything."""
    key = key_of(stage, workspace)
    stamp = read_stamp(workspace, stage)
    return Standing(
        stage=stage, key=key, stamp=stamp, stale=why_stale(workspace, stamp, stage, key)
    )


def key_of(stage: Stage, workspace: Path) -> str:
    """Return the digest of all that the stage's result depends on, as it is now."""
    code = {package: _code_digest(package) for package in stage.code}
    return stage_key(stage, folder_digest(workspace, stage.reads), code)


@cache
def _code_digest(package: str) -> str:
    """Return the digest of a package's files and of the versions of what it depends on."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    versions = {
        name: version(name) for name in always_needed(requires(DISTRIBUTIONS[package]) or [])
    }
    return content_id({"files": tree_digest(Path(spec.origin).parent), "versions": versions})


def always_needed(requirements: Sequence[str]) -> list[str]:
    """Return the distributions that are always installed; those of an extra need not be there."""
    always = (text for text in requirements if not EXTRA.search(text))
    return sorted({re.split(r"[^A-Za-z0-9_.-]", text)[0] for text in always})
