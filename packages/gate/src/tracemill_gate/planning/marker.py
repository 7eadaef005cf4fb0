"""A line of Markers: where a marker of unfinished work may stand, why, and who removes it when.

    - packages/worker/src/a.py: WORD: the server lacks a lock for this (issue 5, 2026-11-20)

WORD is one of ``WORDS``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tracemill_gate.fault import FileFault
from tracemill_gate.planning.bullet import Bullet

WORDS = ("TODO", "FIXME", "HACK")
FORM = f"- PATH: {', '.join(WORDS[:-1])} or {WORDS[-1]}: REASON (issue N, YYYY-MM-DD)"
_MARKER = re.compile(
    rf"([^\s:]+): ({'|'.join(WORDS)}): (\S|\S.*\S) \(issue (\d+), (\d{{4}}-\d\d-\d\d)\)", re.DOTALL
)


@dataclass(frozen=True, kw_only=True)
class Marker:
    """A place where a marker of unfinished work may stand.

    Attributes:
        path: File, relative to the top folder.
        word: One of ``WORDS``.
        reason: Why it stands there.
        issue: Number of the issue that will remove it.
        on: Since when, as an ISO 8601 date.
        line: Line in current.md.
    """

    path: str
    word: str
    reason: str
    issue: int
    on: str
    line: int = field(compare=False)


def read(found: Sequence[Bullet], *, name: str) -> tuple[tuple[Marker, ...], list[FileFault]]:
    """Read the bullets of Markers; return its lines and every fault."""
    markers, faults = [], []
    for one in found:
        match = _MARKER.fullmatch(one.text)
        if match is None or not _is_day(match[5]):
            message = f"wanted {FORM!r}, got {one.text[:60]!r}"
            faults.append(FileFault(where=f"{name}:{one.line}", message=message))
            continue
        path, word, reason, issue, day = match.groups()
        markers.append(
            Marker(path=path, word=word, reason=reason, issue=int(issue), on=day, line=one.line)
        )
    return tuple(markers), faults


def render(one: Marker) -> str:
    """Return the text of a line, without the sign of the bullet."""
    return f"{one.path}: {one.word}: {one.reason} (issue {one.issue}, {one.on})"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
