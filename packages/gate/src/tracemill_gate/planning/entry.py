"""A line of Specd: which spec there is, and how it stands.

- [0007: Leases survive a restart](specs/0007-leases-survive.md): in-progress
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tracemill_gate.fault import FileFault
from tracemill_gate.planning.bullet import Bullet
from tracemill_gate.planning.status import STATUSES

FORM = "- [NNNN: TITLE](specs/NNNN-slug.md): STATUS"
_ENTRY = re.compile(r"\[(\d{4}): (\S|\S.*\S)\]\(specs/([^()\s/]+\.md)\): (\S+)")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of Specd.

    Attributes:
        number: Number of the spec.
        title: Its title.
        file: Its file name in ``specs/``.
        status: One of ``STATUSES``.
        line: Line in current.md.
    """

    number: int
    title: str
    file: str
    status: str
    line: int = field(compare=False)

    @property
    def heading(self) -> str:
        """Number in four digits and title, as in the heading of the spec."""
        return f"{self.number:04d}: {self.title}"


def read(found: Sequence[Bullet], *, name: str) -> tuple[tuple[Entry, ...], list[FileFault]]:
    """Read the bullets of Specd; return its lines and every fault."""
    entries, faults = [], []
    for one in found:
        match = _ENTRY.fullmatch(one.text)
        where = f"{name}:{one.line}"
        if match is None:
            message = f"wanted {FORM!r}, got {one.text[:60]!r}"
            faults.append(FileFault(where=where, message=message))
            continue
        number, title, file, status = match.groups()
        if status not in STATUSES:
            message = f"wanted a status of {', '.join(STATUSES)}, got {status!r}"
            faults.append(FileFault(where=where, message=message))
            continue
        entries.append(
            Entry(number=int(number), title=title, file=file, status=status, line=one.line)
        )
    return tuple(entries), faults + _order_faults(entries, name)


def render(entry: Entry) -> str:
    """Return the text of a line, without the sign of the bullet."""
    return f"[{entry.heading}](specs/{entry.file}): {entry.status}"


def _order_faults(entries: Sequence[Entry], name: str) -> list[FileFault]:
    for earlier, later in itertools.pairwise(entries):
        if earlier.number > later.number:
            message = f"{later.number:04d} stands after {earlier.number:04d}, not before it"
            return [FileFault(where=f"{name}:{later.line}", message=message)]
    return []
