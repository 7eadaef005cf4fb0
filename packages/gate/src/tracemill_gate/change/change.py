"""What the rules look at: a change, with the specs that it is made for.

base, HEAD -> files that differ (diff) -> what the Python files among them define (source)
           -> specs in progress or finished (scope)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracemill_gate.change.diff import REGULAR, FileDiff, Side, read_diff
from tracemill_gate.change.scope import PlannedChange, specs_of_change
from tracemill_gate.change.source import NOTHING, Source, is_python, read_source
from tracemill_gate.config import Config
from tracemill_gate.errors import BrokenSource
from tracemill_gate.git import Repository
from tracemill_gate.planning.current import CURRENT
from tracemill_gate.planning.document import DRAFTS, SPECS

PAPERWORK = ((SPECS, ".md"), (DRAFTS, ".md"), (f"{SPECS}/experiment", ".toml"))
"""Folders, without those in them, and how the names of planning files there end.

They may always change, as current.md may: a plan needs no plan, and their linters judge them.
"""


@dataclass(frozen=True, kw_only=True)
class Change:
    """The difference between two commits and the promises that it is held to.

    Attributes:
        repository: Where both commits are.
        config: Settings of the gate that hold for it (``setting``).
        base: Full id of the commit that HEAD is compared with.
        head: Full id of the commit on trial.
        specs: The specs of the change.
        files: Every file that differs, sorted by path.
        paths: The paths of all files at the base.
        before: Path -> what the file defined at the base, of changed Python files.
        after: The same at HEAD; both have the same paths.
        unreadable: Paths of Python files that could not be parsed at the base.
    """

    repository: Repository
    config: Config
    base: str
    head: str
    specs: tuple[PlannedChange, ...]
    files: tuple[FileDiff, ...]
    paths: frozenset[str]
    before: Mapping[str, Source]
    after: Mapping[str, Source]
    unreadable: frozenset[str]

    def declared(self, path: str) -> tuple[str, ...]:
        """Return what the specs say may happen to a file: add, modify, delete."""
        return tuple(
            file.kind
            for planned in self.specs
            for file in planned.spec.files_to_touch
            if covers(file.path, path)
        )

    def is_allowed(self, file: FileDiff) -> bool:
        """Tell whether what happened to a file is paperwork or declared by a spec."""
        return is_paperwork(file.path) or file.kind in self.declared(file.path)

    def is_test(self, path: str) -> bool:
        """Tell whether a file holds tests, and none that are code (``is_test`` of the module)."""
        return is_test(self.config, path)

    def is_of_another(self, planned: PlannedChange, path: str) -> bool:
        """Tell whether only other specs declare a file; then its change is theirs alone."""
        own = any(covers(file.path, path) for file in planned.spec.files_to_touch)
        return not own and bool(self.declared(path))


def covers(entry: str, path: str) -> bool:
    """Tell whether a path of a spec means a file: the file itself, or a folder with / at its end.

    No signs stand for others: what is approved is what is written.
    """
    return path == entry or (entry.endswith("/") and path.startswith(entry))


def is_paperwork(path: str) -> bool:
    """Tell whether a file is a planning file."""
    folder, _, name = path.rpartition("/")
    return path == CURRENT or any(
        folder == of and name.endswith(ending) for of, ending in PAPERWORK
    )


def is_test(config: Config, path: str) -> bool:
    """Tell whether a file holds tests: not below a source root, whatever a folder is called there.

    What can be imported is code.
    """
    return config.is_test(path) and not config.is_imported(path)


def read_change(repository: Repository, config: Config, base: str) -> Change:
    """Read the change from ``base`` to HEAD.

    Raises:
        UnreadableSpec: a spec of the change is missing or malformed.
        BrokenSource: a Python file that is no test cannot be parsed at HEAD.
    """
    head = repository.commit("HEAD")
    files = read_diff(repository, base, head)
    python = [f for f in files if is_python(f.path) and _is_written(f.path, config)]
    sides = [side for file in python for side in file.sides if side.mode in REGULAR]
    contents = repository.blobs([side.blob for side in sides])
    before, unreadable = _sources({f.path: f.old for f in python}, contents, config)
    after, broken = _sources({f.path: f.new for f in python}, contents, config)
    for path, error in broken.items():
        if not is_test(config, path):
            raise error
    return Change(
        repository=repository,
        config=config,
        base=base,
        head=head,
        specs=specs_of_change(repository, base),
        files=files,
        paths=frozenset(repository.paths(base)),
        before=before,
        after=after,
        unreadable=frozenset(unreadable),
    )


def _is_written(path: str, config: Config) -> bool:
    """Tell whether people answer for the code of a file: by their hands, or by importing it."""
    return config.is_imported(path) or not config.is_generated(path)


def _sources(
    sides: Mapping[str, Side | None], contents: Mapping[str, bytes], config: Config
) -> tuple[dict[str, Source], dict[str, BrokenSource]]:
    """Return path -> source of every file, and path -> error of those that cannot be parsed."""
    sources, broken = dict.fromkeys(sides, NOTHING), {}
    for path, side in sides.items():
        if side is None or side.mode not in REGULAR:
            continue
        try:
            data = contents[side.blob]
            sources[path] = read_source(data, path=path, roots=config.source_roots)
        except BrokenSource as error:
            broken[path] = error
    return sources, broken
