"""Lints all planning files of a repository: every spec by itself, then specs against current.md.

specs/*.md -> parse (spec) -> numbers unique, relations exist -> lines of Specd (planning)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tracemill_gate.errors import SpecFaults
from tracemill_gate.fault import FileFault, Report
from tracemill_gate.planning.current import Entry
from tracemill_gate.planning.current import parse as parse_planning
from tracemill_gate.planning.document import SpecDocument, read
from tracemill_schema.spec import Spec

CURRENT = "current.md"
SPECS = "specs"


def lint(root: Path) -> Report:
    """Lint ``specs/*.md`` and ``current.md`` under ``root``; zero specs is not green."""
    documents, faults = _read_all(root)
    numbers = {document.spec.number: name for name, document in documents.items()}
    for name, document in documents.items():
        if numbers[document.spec.number] != name:
            message = f"the number is also that of {numbers[document.spec.number]}"
            faults.append(FileFault(where=name, message=message))
        faults += _relation_faults(name, document.spec, tuple(numbers))
    faults += _planning_faults(root, documents)
    count = len(list((root / SPECS).glob("*.md")))
    if not count:
        faults.append(FileFault(where=SPECS, message="wanted at least one spec, got none"))
    return Report(checked=count + 1, faults=tuple(faults))


def _read_all(root: Path) -> tuple[dict[str, SpecDocument], list[FileFault]]:
    documents: dict[str, SpecDocument] = {}
    faults: list[FileFault] = []
    for path in sorted((root / SPECS).glob("*.md")):
        try:
            documents[path.name] = read(path)
        except SpecFaults as error:
            faults += error.faults
    return documents, faults


def _relation_faults(name: str, spec: Spec, numbers: Sequence[int]) -> list[FileFault]:
    related = (*spec.depends_on, *spec.blocked_by, *spec.parallelizable_with)
    return [
        FileFault(where=name, message=f"names spec {number}, which does not exist")
        for number in related
        if number not in numbers or number == spec.number
    ]


def _planning_faults(root: Path, documents: dict[str, SpecDocument]) -> list[FileFault]:
    try:
        text = (root / CURRENT).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"wanted readable UTF-8 text, got: {error}"
        return [FileFault(where=CURRENT, message=message)]
    entries, found = parse_planning(text, name=CURRENT)
    faults = list(found)
    for entry in entries:
        faults += _entry_faults(entry, documents, root)
    named = [entry.file for entry in entries]
    for name in documents:
        if named.count(name) != 1:
            message = f"wanted one line in {CURRENT} under Specd, got {named.count(name)}"
            faults.append(FileFault(where=name, message=message))
    return faults


def _entry_faults(entry: Entry, documents: dict[str, SpecDocument], root: Path) -> list[FileFault]:
    where = f"{CURRENT}:{entry.line}"
    if not (root / SPECS / entry.file).is_file():
        return [FileFault(where=where, message=f"wanted the file specs/{entry.file}, got none")]
    document = documents.get(entry.file)
    if document is None:
        return []  # its own faults are reported already
    wanted = f"{document.spec.number:04d}: {document.spec.title}"
    got = f"{entry.number:04d}: {entry.title}"
    message = f"wanted {wanted!r} as in specs/{entry.file}, got {got!r}"
    return [] if got == wanted else [FileFault(where=where, message=message)]
