"""The reasoning families, in the order in which they are shown."""

from __future__ import annotations

import difflib
from typing import Any

from tracemill_datagen.errors import BadRequest
from tracemill_datagen.family.chain_sum import ChainSum
from tracemill_datagen.family.count_letter import CountLetter
from tracemill_datagen.family.family import Family
from tracemill_datagen.family.modular_chain import ModularChain
from tracemill_datagen.family.percent import Percent
from tracemill_datagen.family.sort_numbers import SortNumbers
from tracemill_datagen.family.string_reverse import StringReverse
from tracemill_datagen.family.unit_cost import UnitCost

AnyFamily = Family[Any]
"""A family whatever its parameters: each one only ever gets those that it made itself."""

FAMILIES: tuple[AnyFamily, ...] = (
    ModularChain(),
    ChainSum(),
    Percent(),
    UnitCost(),
    StringReverse(),
    SortNumbers(),
    CountLetter(),
)


def by_name(name: str) -> AnyFamily:
    """Return a family.

    Raises:
        BadRequest: if there is none of that name; the message says the nearest one and all.
    """
    family = find(name)
    if family is not None:
        return family
    known = [each.name for each in FAMILIES]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    raise BadRequest(f"no reasoning family is called {name!r}{hint} There are: {', '.join(known)}")


def find(name: str) -> AnyFamily | None:
    """Return a family, or None if the name is that of a template or of nothing."""
    return next((each for each in FAMILIES if each.name == name), None)
