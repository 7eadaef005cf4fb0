"""What a verifier finds wrong with a record, by class."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from tracemill_schema.answer import show
from tracemill_schema.canonical import Value, content_id

DefectKind = Literal[
    "identity",
    "alignment",
    "order",
    "dropped_step",
    "forged_hook",
    "number",
    "swapped_label",
    "wrong_unit",
    "unsupported_claim",
]
"""identity: the record was changed after it got its id, or is about another question, episode or
table. alignment: code stands with another code's execution, or is not the solver's. order: turns,
hooks or steps stand in another order than they were made in. dropped_step: an executed line or a
hook has no step. forged_hook: a hook or step stands on no executed line. number, swapped_label,
wrong_unit: a value, a name or a unit is not what was computed. unsupported_claim: something is
said that nothing in the record supports."""

MAX_LABELS = 64
"""Mappings up to this size are searched for two swapped labels: 2,016 hashes, about 10 ms."""


@dataclass(frozen=True, kw_only=True)
class Defect:
    """One thing that is wrong.

    Attributes:
        kind: Its class.
        where: JSON pointer into the record.
        wanted: What the rest of the record asks for there.
        got: What stands there.
    """

    kind: DefectKind
    where: str
    wanted: str
    got: str

    def __str__(self) -> str:
        return f"{self.kind} at {self.where}: wanted {self.wanted}, got {self.got}"


def difference(wanted: Value, got: Value) -> DefectKind:
    """Name the way in which ``got`` differs from ``wanted``."""
    if isinstance(got, str):
        number, unit = _number_and_unit(got)
        if number is not None and unit and _number_and_unit(show(wanted))[0] == number:
            return "wrong_unit"
        return "swapped_label" if isinstance(wanted, str) else "unsupported_claim"
    if isinstance(wanted, Mapping) and isinstance(got, Mapping):
        return "swapped_label" if _bag(wanted.values()) == _bag(got.values()) else "number"
    if isinstance(wanted, list) and isinstance(got, list):
        return "order" if _bag(wanted) == _bag(got) else "number"
    numbers = _is_number(wanted) and _is_number(got)
    return "number" if numbers else "unsupported_claim"


def hash_difference(value: Value, value_hash: str) -> DefectKind | None:
    """Name the way in which ``value`` was changed since it was hashed; None if it was not.

    The hash tells a changed unit and two exchanged labels from a changed number: undoing the
    change gives the value that was hashed.
    """
    if content_id(value) == value_hash:
        return None
    if isinstance(value, str):
        number, unit = _number_and_unit(value)
        restored = unit and number is not None and value_hash in _hashes_of(number)
        return "wrong_unit" if restored else "swapped_label"
    if isinstance(value, Mapping) and len(value) <= MAX_LABELS:
        for left, right in combinations(value, 2):
            swapped = {**value, left: value[right], right: value[left]}
            if content_id(swapped) == value_hash:
                return "swapped_label"
    return "number"


def _number_and_unit(text: str) -> tuple[str | None, str]:
    match = re.fullmatch(r"\s*([+-]?\d+(?:\.\d+)?)\s*(\D*)", text)
    return (match[1], match[2].strip()) if match else (None, "")


def _hashes_of(number: str) -> tuple[str, ...]:
    as_float = content_id(float(number))
    return (as_float,) if "." in number else (content_id(int(number)), as_float)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _bag(values: Iterable[Value]) -> list[str]:
    return sorted(content_id(value) for value in values)
