"""All planning files of a repository, read once: the one model that every command works on."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tracemill_gate.errors import SpecFaults, UnknownSpec
from tracemill_gate.fault import FileFault
from tracemill_gate.planning.current import CURRENT, Current, scan
from tracemill_gate.planning.document import DRAFTS, SPECS, SpecDocument, line_in, parse
from tracemill_gate.planning.entry import Entry
from tracemill_gate.planning.markdown import lines_of
from tracemill_gate.planning.source import read_text
from tracemill_gate.planning.status import LIVE

_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, kw_only=True)
class SpecFile:
    """A spec file that could be read.

    Attributes:
        name: File name.
        text: The whole file.
        document: What it says.
        folder: Where it lies; a draft that is judged as a spec lies elsewhere than specs do.
    """

    name: str
    text: str
    document: SpecDocument
    folder: str = SPECS

    @property
    def path(self) -> str:
        """The file, relative to the top folder; faults are told by it."""
        return f"{self.folder}/{self.name}"

    def fault(self, pointer: str, message: str) -> FileFault:
        """Return a fault at a value of the front matter."""
        line = line_in(self.text, pointer)
        return FileFault(where=f"{self.path}:{line}", message=message)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The planning files of a repository.

    Attributes:
        root: Top folder.
        names: File names of all specs, readable or not, sorted.
        drafts: File names of all drafts, sorted.
        files: File name -> spec, for those that could be read.
        text: The text of current.md; None if it could not be read.
        current: What current.md says, as far as it could be read.
        unreadable: What is wrong with single files.
    """

    root: Path
    names: tuple[str, ...]
    drafts: tuple[str, ...]
    files: Mapping[str, SpecFile]
    text: str | None
    current: Current
    unreadable: tuple[FileFault, ...]

    @cached_property
    def status(self) -> Mapping[int, str]:
        """Number of a spec -> its status in current.md."""
        return {entry.number: entry.status for entry in self.current.entries}

    @cached_property
    def live(self) -> tuple[SpecFile, ...]:
        """The specs that still bind, by file name."""
        return tuple(f for f in self.files.values() if self.status_of(f) in LIVE)

    def status_of(self, file: SpecFile) -> str | None:
        """Return the status of a spec in current.md, None if it has no line there."""
        return self.status.get(file.document.spec.number)

    def lines_about(self, name: str) -> int:
        """Return how many lines of current.md link to a spec, malformed ones included."""
        links = (line for line in lines_of(self.text or "") if line.startswith("- ["))
        return sum(f"]({SPECS}/{name})" in line for line in links)

    def find(self, number: int) -> tuple[SpecFile, Entry]:
        """Return a promoted spec and its line in current.md.

        Raises:
            SpecFaults: its file or current.md is malformed.
            UnknownSpec: no spec has the number, or it has no line under Specd.
        """
        prefix = f"{number:04d}-"
        for file in self.files.values():
            entry = next((e for e in self.current.entries if e.file == file.name), None)
            if file.document.spec.number == number and entry is not None:
                return file, entry
        own = (f"{SPECS}/{prefix}", f"{CURRENT}:")
        if faults := tuple(f for f in self.unreadable if f.where.startswith(own)):
            raise SpecFaults(faults)
        draft = next((name for name in self.drafts if name.startswith(prefix)), None)
        do = (
            f"promote it first: tracemill spec promote {DRAFTS}/{draft}"
            if draft
            else (f"known are: {', '.join(f'{n:04d}' for n in sorted(self.status)) or 'none'}")
        )
        raise UnknownSpec(f"wanted a spec that {CURRENT} lists, got {number:04d}; {do}")

    def replaced(self, current: Current, file: SpecFile | None = None) -> Plan:
        """Return the plan as it would be with another current.md, and with one spec more or new."""
        files = dict(self.files)
        if file is not None:
            files[file.name] = file
        names = tuple(sorted({*self.names, *files}))
        return dataclasses.replace(self, names=names, files=files, current=current)


def number_of(text: str) -> int | None:
    """Return the number of a spec that a person wrote, None if the text is none."""
    return int(text) if _NUMBER.fullmatch(text) else None


def read_plan(root: Path) -> Plan:
    """Read all planning files under ``root``; what is wrong with them is in the plan."""
    faults: list[FileFault] = []
    names = _names(root / SPECS)
    files = {}
    for name in names:
        try:
            files[name] = read_spec(root / SPECS / name, name=f"{SPECS}/{name}")
        except SpecFaults as error:
            faults += error.faults
    text, current, wrong = _current(root)
    return Plan(
        root=root,
        names=names,
        drafts=_names(root / DRAFTS),
        files=files,
        text=text,
        current=current,
        unreadable=(*faults, *wrong),
    )


def read_spec(path: Path, *, name: str) -> SpecFile:
    """Read a spec with its text.

    Args:
        path: The file.
        name: What the faults call it.

    Raises:
        SpecFaults: with every fault and its line.
    """
    text = read_text(path, name=name)
    return SpecFile(name=path.name, text=text, document=parse(text, name=name))


def _names(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in folder.glob("*.md")))


def _current(root: Path) -> tuple[str | None, Current, tuple[FileFault, ...]]:
    try:
        text = read_text(root / CURRENT, name=CURRENT)
    except SpecFaults as error:
        return None, scan("", name=CURRENT)[0], error.faults
    return text, *scan(text, name=CURRENT)
