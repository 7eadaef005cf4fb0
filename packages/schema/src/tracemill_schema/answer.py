"""Answer equality: the one meaning of "correct" in generation, reward and evaluation.

``judge(spec, gold, given)`` decides from the question's ``answer_spec`` alone. There is no global
tolerance: a number is compared after rounding both sides to the decimals that the question asks
for, or within the relative tolerance that it states; text is compared after folding white space
and case. What cannot be read as one answer ("42 or 43") is wrong; one that is said twice is one.
``answer_text``, ``answer_number``, ``answer_date`` and ``answer_list`` read what was written.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Literal

import orjson
from pydantic import Field

from tracemill_schema.answer_date import read_date
from tracemill_schema.answer_list import mapping, paired_off, readings
from tracemill_schema.answer_number import MOST_DIGITS, Notation, quantized, same_number, stated
from tracemill_schema.answer_text import bare, folded, lines_of, read_boolean
from tracemill_schema.canonical import Value
from tracemill_schema.record import Record

AnswerKind = Literal[
    "integer", "number", "string", "boolean", "date", "list", "set", "mapping", "table"
]


class Synonyms(Record):
    """Texts that count as ``meaning``."""

    meaning: str
    texts: tuple[str, ...]


class AnswerSpec(Record):
    """What counts as correct."""

    kind: AnswerKind
    decimals: int | None = Field(default=None, ge=0, le=12, description="digits after the point")
    relative_tolerance: float | None = Field(
        default=None, gt=0, lt=1, description="allowed |given - gold| / |gold|; not with decimals"
    )
    unit: str | None = Field(default=None, description="unit that may stand after the number")
    order: bool = Field(default=True, description="lists and tables: the order of items counts")
    multiplicity: bool = Field(default=True, description="lists: how often an item stands counts")
    synonyms: tuple[Synonyms, ...] = ()
    null_meaning: str | None = Field(
        default=None, description="text that stands for 'no value', for instance none; or null"
    )
    item: AnswerSpec | None = Field(
        default=None, description="spec of the items of a list, set or mapping, or a table's cells"
    )


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Whether a given answer is correct, and why."""

    correct: bool
    reason: str


class NotReadable(ValueError):
    """A given answer cannot be read as the kind that the question asks for."""


def judge(spec: AnswerSpec, gold: Value, given: Value) -> Outcome:
    """Judge one given answer (text or JSON value) against one admissible answer.

    Never raises for a bad ``given``: what cannot be read is wrong, with the reason.
    """
    try:
        correct = _equal(spec, gold, given)
    except NotReadable as error:
        return Outcome(correct=False, reason=f"wrong: {error}")
    if correct:
        return Outcome(correct=True, reason="correct")
    expected = f"{show(gold)}{_precision(spec)}"
    return Outcome(correct=False, reason=f"wrong: expected {expected}, got {show(given)}")


def show(value: Value) -> str:
    """Return a value as it stands in a final answer: text bare, anything else as JSON.

    ``judge`` reads what this writes, except of a value that is no JSON with 64-bit integers.
    """
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return "what JSON with 64-bit integers cannot hold"


def rounded(value: float | int, decimals: int) -> float | int:
    """Round a finite number half away from zero at ``decimals`` digits, by its shortest form."""
    exact = quantized(Decimal(repr(value)), decimals)
    return float(exact) + 0.0 if decimals else int(exact)


def near_rounding_edge(value: float, decimals: int, *, slack: float = 1e-9) -> bool:
    """Tell whether engines that differ in the last bits could round ``value`` differently.

    Such a question has no settled answer at this precision and is not asked. Nor has one whose
    scaled value is no finite number, or so large that doubles there are whole numbers anyway.
    """
    scaled = abs(value) * 10.0**decimals
    if not scaled < 2.0**53:
        return True
    return abs(scaled % 1.0 - 0.5) <= max(slack, slack * scaled)


def _equal(spec: AnswerSpec, gold: Value, given: Value) -> bool:
    if gold is None or _is_null(spec, given):
        return gold is None and _is_null(spec, given)
    equal = _EQUALITY[spec.kind]
    lines = lines_of(given) if isinstance(given, str) and spec.kind in _ONE_LINE else []
    if len(lines) < 2 or (spec.kind == "string" and equal(spec, gold, given)):
        return equal(spec, gold, given)
    return all(equal(spec, gold, line) for line in lines)


def _is_null(spec: AnswerSpec, given: Value) -> bool:
    """``null`` is JSON's word; where text is asked for it may be a label, unless null has one."""
    if not isinstance(given, str):
        return given is None
    if spec.null_meaning is None:
        return spec.kind != "string" and given.strip().casefold() == "null"
    return folded(bare(given)) in ("null", folded(spec.null_meaning))


def _precision(spec: AnswerSpec) -> str:
    if spec.kind != "number" or spec.decimals is None:
        return ""
    return f" to {spec.decimals} decimal{'' if spec.decimals == 1 else 's'}"


def _equal_integers(spec: AnswerSpec, gold: Value, given: Value) -> bool:
    return {*_whole(gold, spec)} == {*_whole(given, spec)}


def _whole(value: Value, spec: AnswerSpec) -> tuple[Decimal, ...]:
    numbers = _numbers(value, spec)
    if any(number != number.to_integral_value() for number in numbers):
        raise NotReadable(f"expected an integer, got {show(value)}")
    return numbers


def _equal_numbers(spec: AnswerSpec, gold: Value, given: Value) -> bool:
    return all(
        same_number(wanted, got, decimals=spec.decimals, tolerance=spec.relative_tolerance)
        for wanted in _numbers(gold, spec)
        for got in _numbers(given, spec)
    )


def _numbers(value: Value, spec: AnswerSpec) -> tuple[Decimal, ...]:
    """Return the number that an answer states, as often as it states one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise NotReadable(f"expected a number, got {show(value)}")
    numbers = stated(value if isinstance(value, str) else repr(value), _notation(spec))
    if not numbers:
        raise NotReadable(f"expected one number, got {show(value)}")
    if any(number.adjusted() >= MOST_DIGITS for number in numbers):
        raise NotReadable(f"expected a number of at most {MOST_DIGITS} digits, got {show(value)}")
    return numbers


def _notation(spec: AnswerSpec) -> Notation:
    exact = spec.decimals is None and spec.relative_tolerance is None
    return Notation(
        unit=spec.unit,
        rough=not exact,
        fraction=spec.kind == "number" and spec.decimals is None,
        comma=spec.kind == "number" and (exact or bool(spec.decimals)),
    )


def _boolean(value: Value) -> bool:
    said = read_boolean(value) if isinstance(value, str) else value
    if not isinstance(said, bool):
        raise NotReadable(f"expected true or false, got {show(value)}")
    return said


def _equal_texts(spec: AnswerSpec, gold: Value, given: Value) -> bool:
    """Compare as it stands; a label may have markup of its own, so only then without any."""
    wanted = _meaning(spec, gold)
    return wanted == _meaning(spec, given) or wanted == _meaning(spec, bare(str(given)))


def _meaning(spec: AnswerSpec, value: Value) -> str:
    if not isinstance(value, str):
        raise NotReadable(f"expected text, got {show(value)}")
    said = folded(value)
    for synonyms in spec.synonyms:
        if said in {folded(text) for text in synonyms.texts}:
            return folded(synonyms.meaning)
    return said


def _date(value: Value) -> datetime.date:
    day = read_date(value) if isinstance(value, str) else None
    if day is None:
        raise NotReadable(f"expected a date such as 2024-03-09, got {show(value)}")
    return day


def _equal_items(spec: AnswerSpec, gold: Value, given: Value) -> bool:
    """Compare lists; a text that can be parted in several ways may be meant in any of them."""
    unreadable: list[NotReadable] = []
    readable = False
    for wanted, got in product(readings(gold), readings(given)):
        try:
            if _same_items(spec, wanted, got):
                return True
            readable = True
        except NotReadable as error:
            unreadable.append(error)
    if readable:
        return False
    raise unreadable[0] if unreadable else NotReadable(f"expected a list, got {show(given)}")


def _same_items(spec: AnswerSpec, gold: Sequence[Value], given: Sequence[Value]) -> bool:
    item = spec.item or AnswerSpec(kind="string")

    def equal(left: int, right: int) -> bool:
        return _equal_item(item, gold[left], given[right])

    if spec.kind == "set" or not spec.multiplicity:
        lefts, rights = range(len(gold)), range(len(given))
        return all(any(equal(left, right) for left in lefts) for right in rights) and all(
            any(equal(left, right) for right in rights) for left in lefts
        )
    if len(gold) != len(given):
        return False
    if spec.order:
        return all(equal(place, place) for place in range(len(gold)))
    return paired_off(len(gold), cache(equal))


def _equal_item(spec: AnswerSpec, gold: Value, given: Value) -> bool:
    """Compare items or cells; where text is wanted, a JSON scalar is read as its own text."""
    if spec.kind == "string":
        gold, given = (show(v) if isinstance(v, bool | int | float) else v for v in (gold, given))
    return _equal(spec, gold, given)


def _equal_tables(spec: AnswerSpec, gold: Value, given: Value) -> bool:
    row = AnswerSpec(kind="list", item=spec.item)
    return _equal_items(AnswerSpec(kind="list", order=spec.order, item=row), gold, given)


def _equal_mappings(spec: AnswerSpec, gold: Value, given: Value) -> bool:
    item = spec.item or AnswerSpec(kind="string")
    wanted, got = _mapping(gold), _mapping(given)
    folds = len(_named(spec, wanted)) == len(wanted)  # else names differ only in case, so it counts
    left, right = (_named(spec, wanted), _named(spec, got)) if folds else (wanted, got)
    return (
        len(right) == len(got)
        and left.keys() == right.keys()
        and all(_equal_item(item, left[name], right[name]) for name in left)
    )


def _named(spec: AnswerSpec, values: Mapping[str, Value]) -> Mapping[str, Value]:
    name = AnswerSpec(kind="string", synonyms=spec.synonyms)
    return {_meaning(name, each): value for each, value in values.items()}


def _mapping(value: Value) -> Mapping[str, Value]:
    found = mapping(value)
    if found is None:
        raise NotReadable(f"expected a mapping of names to values, got {show(value)}")
    return found


_ONE_LINE = frozenset(["integer", "number", "string", "boolean", "date"])
"""Kinds of which several lines are the same answer said again, or else several answers."""

_EQUALITY: Mapping[AnswerKind, Callable[[AnswerSpec, Value, Value], bool]] = {
    "integer": _equal_integers,
    "number": _equal_numbers,
    "boolean": lambda _, gold, given: _boolean(gold) is _boolean(given),
    "string": _equal_texts,
    "date": lambda _, gold, given: _date(gold) == _date(given),
    "list": _equal_items,
    "set": _equal_items,
    "mapping": _equal_mappings,
    "table": _equal_tables,
}
