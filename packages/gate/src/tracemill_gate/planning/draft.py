"""A new draft: every field is there, none is filled, so that the linter says what is missing."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from tracemill_gate.errors import GateUsage
from tracemill_gate.planning import current, toml
from tracemill_gate.planning.brainstorm import Item
from tracemill_gate.planning.current import CURRENT, Current
from tracemill_gate.planning.document import DRAFTS, FENCE
from tracemill_gate.planning.leftover import remove_leftovers
from tracemill_gate.planning.plan import Plan, read_plan
from tracemill_gate.planning.prose import REQUIRED, Section
from tracemill_gate.planning.prose import render as render_prose
from tracemill_gate.planning.title import same, slug
from tracemill_schema.canonical import Value
from tracemill_schema.jsonl import write_bytes
from tracemill_schema.spec import Spec

TITLE_LENGTH = 120
"""As in spec.v1."""

_TEXTS = ("behaviour_change", "user_intent", "rollback_trigger")


def new(root: Path, title: str, *, item: str | None = None) -> Path:
    """Write a draft and return its file.

    Args:
        root: Top folder of the repository.
        title: Title of the spec.
        item: Title or candidate of an item of Brainstormed that the spec comes from. The item
            keeps the title as a candidate until the draft is promoted.

    Raises:
        GateUsage: the title is none or taken, there is no such item, or there is no current.md.
        SpecFaults: current.md is malformed.
    """
    _require_current(root)
    plan = read_plan(root)
    name = f"{_next_number(plan):04d}-{_slug(plan, title)}.md"
    path = root / DRAFTS / name
    source = None if item is None else _source(current.read(root), item)
    text = _text(int(name[:4]), title, source)
    remove_leftovers(root)
    write_bytes(path, text.encode())
    if source is not None and not any(same(title, known) for known in source.titles):
        changed = _with_candidate(plan.current, source, title)
        write_bytes(root / CURRENT, current.render(changed).encode())
    return path


def _require_current(root: Path) -> None:
    if (root / CURRENT).exists():
        return
    start = Current(
        title="Where it stands",
        knowledge=("What is known, one bullet each.",),
        markers=(),
        beliefs=("What is believed and not yet known.",),
        experiments="",
        brainstormed=(),
        entries=(),
    )
    message = "wanted a file, got none; start it with these lines:"
    lines = current.render(start).removesuffix("\n")
    raise GateUsage(f"{root / CURRENT}: {message}\n\n{lines}")


def _slug(plan: Plan, title: str) -> str:
    made = slug(title)
    if not made or len(title) > TITLE_LENGTH or title != " ".join(title.split()):
        message = f"wanted a title of one line, up to {TITLE_LENGTH} characters, with letters"
        raise GateUsage(f"{message}, got {title!r}")
    for entry in plan.current.entries:
        if same(entry.title, title):
            raise GateUsage(f"the title is that of {entry.number:04d}: {title!r}")
    for name in plan.drafts:
        if name[5:] == f"{made}.md":  # an unfinished draft can seldom be read; its name can
            raise GateUsage(f"the title is that of {DRAFTS}/{name}: {title!r}")
    return made


def _next_number(plan: Plan) -> int:
    names = (name[:4] for name in (*plan.names, *plan.drafts))
    used = [int(number) for number in names if number.isdigit()]
    return 1 + max([*used, *plan.status, 0])


def _source(found: Current, title: str) -> Item:
    for item in found.brainstormed:
        if any(same(title, known) for known in item.titles):
            return item
    known = ", ".join(repr(item.title) for item in found.brainstormed) or "none"
    raise GateUsage(f"wanted an item of Brainstormed or a candidate of one, got {title!r}; {known}")


def _with_candidate(found: Current, source: Item, title: str) -> Current:
    more = dataclasses.replace(source, candidates=(*source.candidates, title))
    items = tuple(more if item == source else item for item in found.brainstormed)
    return dataclasses.replace(found, brainstormed=items)


def _text(number: int, title: str, source: Item | None) -> str:
    empty: dict[str, Value] = {name: [] for name in Spec.model_fields if name != "approval"}
    empty |= dict.fromkeys(_TEXTS, "")
    empty |= {"number": number, "title": title, "kind": "change"}
    empty |= {"diff_shape": {"lines_min": 0, "lines_max": 0}}
    sections = [Section(name=name, text="") for name in REQUIRED]
    if source is not None:
        why = f"Known: {source.known}\n\nMissing: {source.missing}"
        sections.insert(0, Section(name="Why", text=why))
    prose = render_prose(f"{number:04d}: {title}", sections)
    return f"{FENCE}\n{toml.write(empty)}{FENCE}\n{prose.rstrip()}\n"
