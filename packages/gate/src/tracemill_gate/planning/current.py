"""current.md: what is known, believed, brainstormed and specified.

    # TITLE

    ## Institutional Knowledge
    bullets
    ### Markers             optional: where work may stand unfinished (see marker.py)

    ## Beliefs
    bullets
    ### Experiments         optional: a block that a command writes; kept as it is

    ## Brainstormed
    ### ITEM                a thought on its way to a spec (see brainstorm.py)

    ## Specd
    - [0007: ...            a spec and how it stands (see entry.py)

Exactly these four sections, in this order, and nothing else. ``render`` writes the one canonical
form; reading it back gives the same model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.errors import SpecFaults
from tracemill_gate.fault import FileFault
from tracemill_gate.planning import brainstorm, bullet, entry, marker, outline
from tracemill_gate.planning.brainstorm import Item
from tracemill_gate.planning.entry import Entry
from tracemill_gate.planning.markdown import lines_of, trimmed
from tracemill_gate.planning.marker import Marker
from tracemill_gate.planning.outline import (
    BELIEFS,
    BRAINSTORMED,
    EXPERIMENTS,
    KNOWLEDGE,
    MARKERS,
    SPECD,
    Block,
)
from tracemill_gate.planning.source import read_text, text_faults

CURRENT = "current.md"


@dataclass(frozen=True, kw_only=True)
class Current:
    """current.md as it was read.

    Attributes:
        title: Its heading.
        knowledge: Bullets of Institutional Knowledge.
        markers: Where markers of unfinished work may stand.
        beliefs: Bullets of Beliefs.
        experiments: What stands under Experiments, without blank lines around it; may be empty.
        brainstormed: The items, in their order.
        entries: The lines of Specd, by number.
    """

    title: str
    knowledge: tuple[str, ...]
    markers: tuple[Marker, ...]
    beliefs: tuple[str, ...]
    experiments: str
    brainstormed: tuple[Item, ...]
    entries: tuple[Entry, ...]


def parse(text: str, *, name: str) -> Current:
    """Read current.md.

    Raises:
        SpecFaults: with every fault and its line.
    """
    current, faults = scan(text, name=name)
    if faults:
        raise SpecFaults(faults)
    return current


def read(root: Path) -> Current:
    """Read the current.md of the repository whose top folder is ``root``; raises like ``parse``."""
    return parse(read_text(root / CURRENT, name=CURRENT), name=CURRENT)


def render(current: Current) -> str:
    """Return the canonical text; ``parse`` gives the same model back."""
    markers = bullet.render([marker.render(one) for one in current.markers])
    parts = (
        f"# {current.title}\n",
        f"## {KNOWLEDGE}\n",
        bullet.render(current.knowledge),
        f"### {MARKERS}\n\n{markers}" if markers else "",
        f"## {BELIEFS}\n",
        bullet.render(current.beliefs),
        f"### {EXPERIMENTS}\n\n{current.experiments}\n" if current.experiments else "",
        f"## {BRAINSTORMED}\n",
        *(brainstorm.render(item) for item in current.brainstormed),
        f"## {SPECD}\n",
        bullet.render([entry.render(one) for one in current.entries]),
    )
    return "\n".join(part for part in parts if part)


def scan(text: str, *, name: str) -> tuple[Current, tuple[FileFault, ...]]:
    """Read what can be read of current.md; return it and every fault with its line."""
    lines = lines_of(text)
    blocks = outline.blocks(lines)
    knowledge, k = bullet.bullets(outline.body(blocks, KNOWLEDGE), name=name)
    allowed, a = bullet.bullets(outline.body(blocks, KNOWLEDGE, MARKERS), name=name)
    beliefs, b = bullet.bullets(outline.body(blocks, BELIEFS), name=name)
    specd, s = bullet.bullets(outline.body(blocks, SPECD), name=name)
    markers, m = marker.read(allowed, name=name)
    entries, e = entry.read(specd, name=name)
    items, i = _items(blocks, name)
    current = Current(
        title=next((block.heading.name for block in blocks if block.heading.level == 1), ""),
        knowledge=tuple(one.text for one in knowledge),
        markers=markers,
        beliefs=tuple(one.text for one in beliefs),
        experiments=trimmed([line for _, line in outline.body(blocks, BELIEFS, EXPERIMENTS)]),
        brainstormed=items,
        entries=entries,
    )
    shape = outline.faults(blocks, lines, name=name)
    found = [*text_faults(text, name=name), *shape, *k, *a, *b, *s, *m, *e, *i]
    return current, tuple(sorted(found, key=_line))


def _items(blocks: Sequence[Block], name: str) -> tuple[tuple[Item, ...], list[FileFault]]:
    items, faults = [], []
    for block in blocks:
        if block.section == BRAINSTORMED and block.heading.level == 3:
            heading = block.heading
            item, wrong = brainstorm.read(heading.name, heading.line, block.body, name=name)
            items.append(item)
            faults += wrong
    return tuple(items), faults


def _line(fault: FileFault) -> int:
    return int(fault.where.rpartition(":")[2])
