"""The specs of a change: by which promises the difference between two commits is judged.

in progress at HEAD                     what the change is being made for
done at HEAD, but not yet at the base   what the change finished

How a spec stands is read from current.md as it is in the commits, never from the working tree. At
the base it is the spec with the same number: a file may get another name, and stays that spec.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracemill_gate.errors import SpecFaults, UnreadableSpec
from tracemill_gate.git import Repository
from tracemill_gate.planning.current import CURRENT, scan
from tracemill_gate.planning.document import SPECS, parse
from tracemill_gate.planning.entry import Entry
from tracemill_gate.planning.source import decoded
from tracemill_gate.planning.status import DONE, IN_PROGRESS
from tracemill_schema.spec import Spec

HEAD = "HEAD"
_WITHOUT_STATUS = re.compile(r"^- \[.+\]\(specs/(\d{4})-.+\.md\)$", re.MULTILINE)
"""A line of Specd from before statuses were written: what is done now was done then."""


@dataclass(frozen=True, kw_only=True)
class PlannedChange:
    """A spec that a change is made for.

    Attributes:
        spec: The spec as it is at HEAD.
        status: ``in-progress`` or ``done``.
        before: Its status at the base, None if it had none.
        path: File of the spec, relative to the top folder.
    """

    spec: Spec
    status: str
    before: str | None
    path: str

    def __str__(self) -> str:
        return f"spec {self.spec.number:04d}"


def specs_of_change(repository: Repository, base: str) -> tuple[PlannedChange, ...]:
    """Return the specs that the change from ``base`` to HEAD is made for, in Specd's order.

    Args:
        repository: The repository.
        base: Full id of the commit that HEAD is compared with.

    Raises:
        UnreadableSpec: a spec of the change is missing or malformed at HEAD.
    """
    text = _current(repository, base)
    before = {entry.number: entry.status for entry in _entries(text)}
    listed = {int(number) for number in _WITHOUT_STATUS.findall(text)}
    found = []
    for entry in _entries(_current(repository, HEAD)):
        stood = before.get(entry.number)
        was_done = stood == DONE or entry.number in listed
        if entry.status == IN_PROGRESS or (entry.status == DONE and not was_done):
            path = f"{SPECS}/{entry.file}"
            spec = _read(repository, path)
            found.append(PlannedChange(spec=spec, status=entry.status, before=stood, path=path))
    return tuple(found)


def _current(repository: Repository, commit: str) -> str:
    return (repository.show(commit, CURRENT) or b"").decode(errors="replace")


def _entries(text: str) -> tuple[Entry, ...]:
    # What else is wrong with its lines is for the linter; those that can be read still hold.
    return scan(text, name=CURRENT)[0].entries if text else ()


def _read(repository: Repository, path: str) -> Spec:
    data = repository.show(HEAD, path)
    if data is None:
        message = "wanted the spec that current.md lists, got no such file"
        raise UnreadableSpec(f"{path}: {message}")
    try:
        return parse(decoded(data, name=path), name=path).spec
    except SpecFaults as error:
        raise UnreadableSpec(str(error)) from error
