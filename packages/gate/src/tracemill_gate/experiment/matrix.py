"""The research matrix: all cards as one table, held in current.md between two marks.

    ## Beliefs
    ...
    ### Experiments

    <!-- experiments: made from specs/experiment/*.toml by ... -->
    | experiment | ...
    <!-- end of experiments -->

What lies between the marks is made from the cards alone. Text before and behind them is left as it
is.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from tracemill_gate.errors import SpecFaults
from tracemill_gate.experiment.card import FOLDER, SUFFIX, Card
from tracemill_gate.fault import FileFault
from tracemill_gate.planning import current
from tracemill_gate.planning.current import CURRENT
from tracemill_gate.planning.markdown import headings, lines_of
from tracemill_gate.planning.outline import BELIEFS, EXPERIMENTS

OPENING = (
    f"<!-- experiments: made from {FOLDER.as_posix()}/*{SUFFIX} by "
    "`tracemill experiment matrix --write` -->"
)
CLOSING = "<!-- end of experiments -->"
COLUMNS = (
    *("experiment", "hypothesis", "dataset", "model", "protocol", "metric"),
    *("success criterion", "seeds", "status"),
)


def render(cards: Sequence[Card]) -> str:
    """Return the block, marks included, without a newline at its end."""
    rows = [COLUMNS, ("---",) * len(COLUMNS), *(_row(card) for card in cards)]
    table = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join((OPENING, "", *table, "", CLOSING))


def find(text: str) -> str | None:
    """Return the block, marks included, that the text of current.md has; None if it has none.

    What else is wrong with the text is for the linter of planning files.

    Raises:
        SpecFaults: the marks do not stand there once each, in their order.
    """
    written = current.scan(text, name=CURRENT)[0].experiments
    if not written:
        return None
    before, after = _around(text, written)
    return written[len(before) : len(written) - len(after)]


def updated(text: str, block: str) -> str:
    """Return the text of current.md with the block in its place.

    Raises:
        SpecFaults: current.md is malformed, or as ``find``.
    """
    read = current.parse(text, name=CURRENT)
    before, after = _around(text, read.experiments) if read.experiments else ("", "")
    return current.render(dataclasses.replace(read, experiments=f"{before}{block}{after}"))


def place(text: str) -> str:
    """Return file and line of the heading under which the block belongs, for faults."""
    found = {heading.name: heading.line for heading in headings(lines_of(text))}
    return f"{CURRENT}:{found.get(EXPERIMENTS) or found.get(BELIEFS) or 1}"


def _row(card: Card) -> tuple[str, ...]:
    e = card.experiment
    return (
        *(f"[{e.name}]({FOLDER.as_posix()}/{e.name}{SUFFIX})", _prose(e.hypothesis)),
        *(f"`{e.dataset}`", f"`{e.model}`", _prose(e.protocol), f"`{e.metric}`"),
        *(f"`{' '.join(e.success.split())}`", str(e.seeds), e.status),
    )


def _prose(text: str) -> str:
    """Return text that cannot end a cell, start a tag or close a comment."""
    flat = " ".join(text.split())
    return re.sub(r"[|\\]", lambda sign: "\\" + sign[0], flat).replace("<", "&lt;")


def _around(text: str, written: str) -> tuple[str, str]:
    """Return what stands before and behind the block in the text under the heading."""
    before, _, rest = written.partition(OPENING)
    _, _, after = rest.partition(CLOSING)
    marks = (OPENING, CLOSING)
    if [written.count(mark) for mark in marks] != [1, 1] or CLOSING in before:
        message = f"wanted {' and '.join(marks)} once each, in this order, under ### {EXPERIMENTS}"
        raise SpecFaults((FileFault(where=place(text), message=message),))
    return before, after
