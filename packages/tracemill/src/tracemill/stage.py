"""One stage of the pipeline: what it runs, what it reads and what it leaves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tracemill_schema.canonical import JsonObject, content_id, file_digest

TEMPORARY = re.compile(r"\..+\.[a-z0-9_]{8}")
"""Names that ``tracemill_schema.jsonl.write_chunks`` gives to a file that is not whole yet."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A unit of the pipeline that is run, or skipped when nothing it depends on has changed.

    Attributes:
        name: Unique in the pipeline, for instance ``train-traces``.
        kind: Kind of run, the name of its handler.
        says: What a person is told it does, in a few words.
        config: The handler's config; paths in it are relative to the workspace.
        reads: Files and folders it depends on, relative to the workspace or absolute.
        leaves: Files and folders it makes, relative to the workspace.
        code: Import names of the packages whose source its result depends on.
    """

    name: str
    kind: str
    says: str
    config: JsonObject
    reads: tuple[str, ...]
    leaves: tuple[str, ...]
    code: tuple[str, ...]


def folder_digest(workspace: Path, paths: tuple[str, ...]) -> dict[str, str]:
    """Return the SHA-256 of every file under ``paths``, by its path.

    A path that does not exist contributes nothing: its absence shows in the digest of the whole.
    What a kill left of a file that was being written does not count.
    """
    digests: dict[str, str] = {}
    for path in paths:
        root = workspace / path
        files = sorted(root.rglob("*")) if root.is_dir() else [root]
        for file in files:
            if file.is_file() and not TEMPORARY.fullmatch(file.name):
                name = file.relative_to(workspace) if file.is_relative_to(workspace) else file
                digests[name.as_posix()] = file_digest(file)
    return digests


def stage_key(stage: Stage, inputs: dict[str, str], code: dict[str, str]) -> str:
    """Return the digest of all that the stage's result depends on."""
    return content_id({"kind": stage.kind, "config": stage.config, "inputs": inputs, "code": code})
