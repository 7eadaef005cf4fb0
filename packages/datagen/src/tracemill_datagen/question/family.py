"""The families that questions are drawn from: by name, each in a line, and which tables fit."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable

from tracemill_datagen.errors import BadRequest, Rejected
from tracemill_datagen.question.seed import item_rng
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.catalogue import TEMPLATES
from tracemill_datagen.template.family import Template

DRAWS = 16
"""Draws before a family counts as one that a table does not fit. A family draws among the columns
that fit it, so that it seldom needs a second one."""


def chosen(names: Iterable[str]) -> tuple[Template, ...]:
    """Return the families of these names in the order of the catalogue; all if no name is given.

    Raises:
        BadRequest: if there is none of a name; the message says the nearest ones.
    """
    wanted = tuple(names)
    known = {template.name: template for template in TEMPLATES}
    for name in wanted:
        if name not in known:
            raise BadRequest(_unknown(name, known))
    return tuple(t for t in TEMPLATES if not wanted or t.name in wanted)


def summary(template: Template) -> str:
    """Return the line that says what a family asks: the first of its module."""
    text = sys.modules[template.propose.__module__].__doc__ or template.name
    return text.strip().splitlines()[0]


def fits(template: Template, sheet: Sheet, roles: Roles) -> bool:
    """Tell whether a table has the columns for a family; draws a few items with seed 0."""
    for item in range(DRAWS):
        try:
            template.propose(sheet, roles, item_rng(0, template.name, sheet.digest, item))
        except Rejected:
            continue
        return True
    return False


def _unknown(name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    hint = f"the nearest are {', '.join(near)}" if near else f"there are {len(names)}"
    return (
        f"no template family is called {name!r}: {hint}; list all with: tracemill question families"
    )
