"""The two commits of a proof: files, source roots, modules; and the trees they stand in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from tracemill_gate.change.binding import bindings
from tracemill_gate.change.source import parse_source
from tracemill_gate.config import FILE, Config, parse_config
from tracemill_gate.errors import BrokenSource, ConfigFault
from tracemill_gate.git import Repository
from tracemill_gate.proof.environment import own_modules, source_roots
from tracemill_gate.proof.workspace import Tree

Name = Literal["base", "head"]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two commits.

    Attributes:
        name: Which of the two.
        commit: Id of the commit.
        paths: All its files.
        roots: Folders that Python imports from, relative to the top folder.
        modules: Dotted name -> file of its own modules.
    """

    name: Name
    commit: str
    paths: tuple[str, ...]
    roots: tuple[str, ...]
    modules: dict[str, str]


def read_side(repository: Repository, name: Name, commit: str, config: Config) -> Side:
    """Read a commit.

    Args:
        repository: The repository.
        name: Which of the two it is.
        commit: Its id.
        config: Settings of HEAD; they hold where the commit has none of its own.
    """
    paths = repository.paths(commit)
    # A commit from before the gate was used, or with settings of another version, has none.
    with suppress(ConfigFault):
        config = parse_config(repository.show(commit, FILE) or b"", where=f"{commit}:{FILE}")
    roots = source_roots(paths, config.source_roots)
    modules = own_modules(paths, roots)
    return Side(name=name, commit=commit, paths=paths, roots=roots, modules=modules)


def ids_in(repository: Repository, commit: str, path: str) -> frozenset[str]:
    """Return the ids of all that a test file of a commit defines; none if there is no such file."""
    data = repository.show(commit, path)
    try:
        found = bindings(parse_source(data or b"", path=path))
        return frozenset(f"{path}::{name.replace('.', '::')}" for name, _ in found)
    except BrokenSource:
        return frozenset()


@dataclass(frozen=True, kw_only=True)
class Site:
    """A tree of a side.

    Attributes:
        side: The side.
        tree: The worktree.
    """

    side: Side
    tree: Tree


class Yard:
    """Lends trees: one to each run, and no more than ``jobs`` at a time.

    Args:
        sites: Trees of both sides.
        jobs: Runs at the same time.
    """

    def __init__(self, sites: Sequence[Site], *, jobs: int) -> None:
        self._free: dict[Name, asyncio.Queue[Site]] = {}
        self._jobs = asyncio.Semaphore(jobs)
        for site in sites:
            self._free.setdefault(site.side.name, asyncio.Queue()).put_nowait(site)

    @asynccontextmanager
    async def lend(self, name: Name) -> AsyncIterator[Site]:
        """Wait for a free tree of a side and lend it."""
        site = await self._free[name].get()
        try:
            async with self._jobs:
                yield site
        finally:
            self._free[name].put_nowait(site)
