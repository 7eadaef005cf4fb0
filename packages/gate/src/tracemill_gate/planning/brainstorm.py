"""An item of Brainstormed: a thought on its way to a spec.

### Sandbox backends beside the process

- status: open                      open, parked or in-progress
- readiness: near-spec              early, mid-spec or near-spec
- known: what is known
- missing: what is missing
  before it can be specified
- candidates:                       titles that a spec may get; or: candidates: none
  - One guest runner behind three launchers

Exactly these five fields, in this order. A candidate that becomes a spec leaves the item, and an
item leaves with its last one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracemill_gate.fault import FileFault
from tracemill_gate.planning import bullet
from tracemill_gate.planning.bullet import Bullet, bullets

FIELDS = ("status", "readiness", "known", "missing", "candidates")
VALUES = {
    "status": ("open", "parked", "in-progress"),
    "readiness": ("early", "mid-spec", "near-spec"),
}
NONE = "none"
_FIELD = re.compile(r"([^\s:]+):(?:[ \n](.*))?", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Item:
    """A thought on its way to a spec.

    Attributes:
        title: Its heading.
        status: Whether it is thought about: open, parked or in-progress.
        readiness: How far it is: early, mid-spec or near-spec.
        known: What is known.
        missing: What must be known before it can be specified.
        candidates: Titles that a spec of it may get.
        line: Line of its heading in current.md.
        candidate_lines: Lines of its candidates there.
    """

    title: str
    status: str
    readiness: str
    known: str
    missing: str
    candidates: tuple[str, ...]
    line: int = field(compare=False)
    candidate_lines: tuple[int, ...] = field(default=(), compare=False)

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles by which a spec of this item is known."""
        return (self.title, *self.candidates)

    def line_of(self, title: str) -> int:
        """Return the line of a candidate, or of the heading."""
        return dict(zip(self.candidates, self.candidate_lines, strict=False)).get(title, self.line)


def read(
    title: str, line: int, body: Sequence[tuple[int, str]], *, name: str
) -> tuple[Item, list[FileFault]]:
    """Read an item.

    Args:
        title: Its heading.
        line: Line of the heading.
        body: The lines below it with their numbers.
        name: What the faults call the file.

    Returns:
        The item, fields that are at fault left empty, and every fault with its line.
    """
    found, faults = bullets(body, name=name)
    if not title:
        faults.append(FileFault(where=f"{name}:{line}", message="wanted '### TITLE', got no title"))
    fields, wrong = _fields(found, line, name)
    candidates, odd = _candidates(fields["candidates"], name)
    values = {key: _text(value) for key, value in fields.items() if key != "candidates"}
    item = Item(
        title=title,
        line=line,
        candidates=tuple(one.text for one in candidates),
        candidate_lines=tuple(one.line for one in candidates),
        **values,
    )
    return item, [*faults, *wrong, *odd]


def render(item: Item) -> str:
    """Return the canonical text of an item."""
    texts = [f"{key}: {getattr(item, key)}" for key in FIELDS[:-1]]
    below = bullet.render(item.candidates).removesuffix("\n")
    texts.append(f"candidates:\n{below}" if item.candidates else f"candidates: {NONE}")
    return f"### {item.title}\n\n{bullet.render(texts)}"


def _fields(
    found: Sequence[Bullet], line: int, name: str
) -> tuple[dict[str, Bullet | None], list[FileFault]]:
    """Return field -> its bullet, cut down to the value; None where there is none."""
    fields: dict[str, Bullet | None] = dict.fromkeys(FIELDS)
    faults = []
    for one in found:
        match = _FIELD.fullmatch(one.text)
        key, value = (match[1], match[2] or "") if match else (one.text[:40], "")
        message = _field_fault(key, value, fields)
        if message:
            faults.append(FileFault(where=f"{name}:{one.line}", message=message))
        if key in fields and fields[key] is None:
            fields[key] = Bullet(text=value, line=one.line)
    for key, value in fields.items():
        if value is None:
            message = f"wanted the field {key!r}, got none"
            faults.append(FileFault(where=f"{name}:{line}", message=message))
    return fields, faults + _order_faults(fields, name)


def _field_fault(key: str, value: str, earlier: Mapping[str, Bullet | None]) -> str:
    if key not in FIELDS:
        return f"wanted one of the fields {', '.join(FIELDS)}, got {key!r}"
    if earlier[key] is not None:
        return f"a second field {key!r}"
    if not value.strip():
        return f"the field {key!r} is empty"
    if value not in VALUES.get(key, (value,)):
        return f"wanted {key}: one of {', '.join(VALUES[key])}, got {value!r}"
    return ""


def _order_faults(fields: Mapping[str, Bullet | None], name: str) -> list[FileFault]:
    there = [(key, value.line) for key, value in fields.items() if value is not None]
    for (earlier, line), (later, other) in itertools.pairwise(there):
        if line > other:
            message = f"the field {later!r} stands before {earlier!r}, not after it"
            return [FileFault(where=f"{name}:{other}", message=message)]
    return []


def _candidates(value: Bullet | None, name: str) -> tuple[tuple[Bullet, ...], list[FileFault]]:
    if value is None or value.text.strip() in {"", NONE}:
        return (), []
    if not value.text.startswith("- "):
        got = value.text.partition("\n")[0][:40]
        message = f"wanted candidates as bullets below the field, or {NONE!r}, got {got!r}"
        return (), [FileFault(where=f"{name}:{value.line}", message=message)]
    numbered = enumerate(value.text.split("\n"), start=value.line + 1)
    return bullets(numbered, name=name)


def _text(value: Bullet | None) -> str:
    return "" if value is None else value.text
