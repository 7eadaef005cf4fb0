"""The fields of evaluation.v1 that a card may name, and their values in one evaluation.

A field is named by its keys: ``("pass_at_1", "low")``. A card writes them with dots in its
criterion (``pass_at_1.low``, ``by_difficulty["1.5"].rate``) and as a JSON pointer in its metric
(``/pass_at_1/low``). Whether any evaluation can have such a field is told from the record itself.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import get_args, get_origin

from tracemill_gate.errors import NoVerdict
from tracemill_schema.evaluation import Evaluation, Rate
from tracemill_schema.pointer import keys_of
from tracemill_schema.record import Record

Keys = tuple[str, ...]
COUNTS = ("n", "hits")
"""Fields of a rate that say something even if nothing was judged."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """An evaluation and the file that it was read from, by which messages name it."""

    name: str
    evaluation: Evaluation


def number_fault(keys: Keys) -> str | None:
    """Tell why no evaluation has a number under these keys; None if one can have it."""
    kind, fault = _kind_of(keys)
    if fault or kind in (int, float):
        return fault
    return f"wanted a number, got {dotted(keys)}, which is {_described(kind)}"


def metric_fault(pointer: str) -> str | None:
    """Tell why a JSON pointer leads to no number and no rate of evaluation.v1; None if it does."""
    if not pointer.startswith("/"):
        return f"wanted a JSON pointer that starts with /, got {pointer!r}"
    keys = keys_of(pointer)
    kind, fault = _kind_of(keys)
    if fault or kind in (int, float, Rate):
        return fault
    return f"wanted a number or a rate, got {dotted(keys)}, which is {_described(kind)}"


def dotted(keys: Keys) -> str:
    """Return the keys as a criterion writes them."""
    rest = (f".{key}" if re.fullmatch(r"\w+", key, re.ASCII) else f'["{key}"]' for key in keys[1:])
    return keys[0] + "".join(rest)


def number_of(measured: Measured, keys: Keys) -> Fraction:
    """Return the number under these keys, exactly as the file writes it in decimal.

    Raises:
        NoVerdict: this evaluation has no such key, or nothing was judged there.
    """
    value: object = measured.evaluation
    for depth, key in enumerate(keys):
        if isinstance(value, Rate) and key not in COUNTS:
            _refuse_unjudged(value, f"{measured.name}: {dotted(keys[:depth])}")
        if isinstance(value, Mapping):
            _refuse_missing(value, key, f"{measured.name}: {dotted(keys[:depth])}")
            value = value[key]
        else:
            value = getattr(value, key)
    if not isinstance(value, int | float):
        raise TypeError(f"{dotted(keys)} is no number; number_fault tells so beforehand")
    return Fraction(repr(value))


def rate_of(measured: Measured, keys: Keys) -> Rate | None:
    """Return the rate that the keys lead to or into; None if they name no part of a rate.

    Raises:
        NoVerdict: this evaluation has no such key, or nothing was judged there.
    """
    to_rate = keys if _kind_of(keys)[0] is Rate else keys[:-1]
    if _kind_of(to_rate)[0] is not Rate:
        return None
    number_of(measured, (*to_rate, "rate"))
    value: object = measured.evaluation
    for key in to_rate:
        value = value[key] if isinstance(value, Mapping) else getattr(value, key)
    return value if isinstance(value, Rate) else None


def _kind_of(keys: Keys) -> tuple[object, str | None]:
    """Return the type under the keys, or None and why there is none."""
    kind: object = Evaluation
    for depth, key in enumerate(keys):
        if get_origin(kind) is dict:
            kind = get_args(kind)[1]
        elif isinstance(kind, type) and issubclass(kind, Record):
            if key not in kind.model_fields:
                return None, _unknown(key, keys[:depth], tuple(kind.model_fields))
            kind = kind.model_fields[key].annotation
        else:
            return None, f"{dotted(keys[:depth])} is {_described(kind)} and has no field {key!r}"
    return kind, None


def _unknown(key: str, parents: Keys, names: Sequence[str]) -> str:
    place = dotted(parents) if parents else "evaluation.v1"
    near = difflib.get_close_matches(key, names, n=2)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(names)}"
    return f"{place} has no field {key!r}; {hint}"


def _described(kind: object) -> str:
    if kind is Rate:
        return f"a rate: name one of its fields {', '.join(Rate.model_fields)}"
    if get_origin(kind) is dict:
        return "a table of rates: name a key and a field, for instance by_family.modular_chain.rate"
    return "a number" if kind in (int, float) else "text"


def _refuse_missing(table: Mapping[str, Rate], key: str, place: str) -> None:
    if key not in table:
        raise NoVerdict(f"{place} has no key {key!r}; it has: {', '.join(table) or 'none'}")


def _refuse_unjudged(rate: Rate, place: str) -> None:
    if rate.n == 0:
        raise NoVerdict(f"{place} is a rate over 0 items: nothing was judged, so it says nothing")
