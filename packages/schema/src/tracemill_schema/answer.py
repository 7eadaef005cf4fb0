"""Answer equality: the one meaning of "correct" in generation, reward and evaluation.

``judge(spec, gold, given)`` decides from the question's ``answer_spec`` alone. There is no global
tolerance: a number is compared after rounding both sides to the decimals that the question asks
for, or within the relative tolerance that it states; text is compared after folding white space
and case. What cannot be read as one answer ("42 or 43") is wrong.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation, localcontext
from typing import Literal, NoReturn

import orjson
from pydantic import Field

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
    return Outcome(
        correct=False,
        reason=f"wrong: expected {show(gold)}{_precision(spec)}, got {show(given)}",
    )


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


MOST_DIGITS = 400
"""Before the point of a given number; a double has at most 309, so no gold has more."""

_EXACT = Context(prec=2 * MOST_DIGITS)
"""Room for all digits of such a number and the decimals that a question may ask for."""


def rounded(value: float | int, decimals: int) -> float | int:
    """Round a finite number half away from zero at ``decimals`` digits, by its shortest form."""
    exact = _quantized(Decimal(repr(value)), decimals)
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
    return _EQUALITY[spec.kind](spec, gold, given)


def _is_null(spec: AnswerSpec, given: Value) -> bool:
    if given is None:
        return True
    return (
        spec.null_meaning is not None
        and isinstance(given, str)
        and _fold(given) == _fold(spec.null_meaning)
    )


def _precision(spec: AnswerSpec) -> str:
    if spec.kind != "number" or spec.decimals is None:
        return ""
    return f" to {spec.decimals} decimal{'' if spec.decimals == 1 else 's'}"


def _equal_numbers(spec: AnswerSpec, gold: Decimal, given: Decimal) -> bool:
    if spec.decimals is not None:
        target = _quantized(gold, spec.decimals)
        return target in {
            _quantized(given, spec.decimals),
            _quantized(given, spec.decimals, rounding=ROUND_HALF_EVEN),
        }
    if spec.relative_tolerance is not None:
        with localcontext(_EXACT):
            return abs(given - gold) <= abs(gold) * Decimal(repr(spec.relative_tolerance))
    return gold == given


def _quantized(value: Decimal, decimals: int, *, rounding: str = ROUND_HALF_UP) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=rounding, context=_EXACT)


def _equal_items(spec: AnswerSpec, gold: Value, given: Value) -> bool:
    item = spec.item or AnswerSpec(kind="string")
    wanted_items, rest = _items(gold), _items(given)
    as_set = spec.kind == "set" or not spec.multiplicity
    if as_set:
        wanted_items, rest = _distinct(item, wanted_items), _distinct(item, rest)
    if len(wanted_items) != len(rest):
        return False
    if spec.order and not as_set:
        return all(
            _equal_item(item, left, right) for left, right in zip(wanted_items, rest, strict=True)
        )
    for wanted in wanted_items:
        match = next((i for i, got in enumerate(rest) if _equal_item(item, wanted, got)), None)
        if match is None:
            return False
        del rest[match]
    return True


def _distinct(spec: AnswerSpec, items: Sequence[Value]) -> list[Value]:
    kept: list[Value] = []
    for item in items:
        if not any(_equal_item(spec, seen, item) for seen in kept):
            kept.append(item)
    return kept


def _equal_item(spec: AnswerSpec, gold: Value, given: Value) -> bool:
    """Compare items or cells; where text is wanted, a JSON scalar is read as its own text."""
    if spec.kind == "string":
        gold, given = _scalar_text(gold), _scalar_text(given)
    return _equal(spec, gold, given)


def _scalar_text(value: Value) -> Value:
    return show(value) if isinstance(value, bool | int | float) else value


def _equal_mappings(spec: AnswerSpec, gold: dict[str, Value], given: dict[str, Value]) -> bool:
    item = spec.item or AnswerSpec(kind="string")
    named = AnswerSpec(kind="string", synonyms=spec.synonyms)
    wanted = {_text(named, key): value for key, value in gold.items()}
    got = {_text(named, key): value for key, value in given.items()}
    return (
        len(got) == len(given)
        and wanted.keys() == got.keys()
        and all(_equal_item(item, wanted[key], got[key]) for key in wanted)
    )


_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d{1,4})?", re.ASCII)
_CURRENCY = "$€£¥"


def _decimal(value: Value, spec: AnswerSpec) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise NotReadable(f"expected a number, got {show(value)}")
    text = value if isinstance(value, str) else repr(value)
    bare = _without_unit(text.strip().rstrip(".").replace("\N{MINUS SIGN}", "-"), spec)
    if not bare or not _NUMBER.fullmatch(bare):
        raise NotReadable(f"expected one number, got {show(value)}")
    try:
        number = Decimal(bare.replace(",", ""))
    except InvalidOperation as error:
        raise NotReadable(f"expected one number, got {show(value)}") from error
    if number.adjusted() >= MOST_DIGITS:
        raise NotReadable(f"expected a number of at most {MOST_DIGITS} digits, got {show(value)}")
    return number


def _without_unit(text: str, spec: AnswerSpec) -> str:
    """Take the unit from behind the number, or a currency sign from before it."""
    unit = spec.unit
    if unit is None:
        return text
    if _fold(text).endswith(_fold(unit)):
        return text[: len(text) - len(unit)].rstrip()
    sign = text[:1] if text[:1] in ("+", "-") else ""
    return sign + text[len(sign) :].removeprefix(unit) if unit in tuple(_CURRENCY) else text


def _integer(value: Value, spec: AnswerSpec) -> int:
    number = _decimal(value, spec)
    if number != number.to_integral_value():
        raise NotReadable(f"expected an integer, got {show(value)}")
    return int(number)


_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}


def _boolean(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and _fold(value) in _BOOLEANS:
        return _BOOLEANS[_fold(value)]
    raise NotReadable(f"expected true or false, got {show(value)}")


def _fold(text: str) -> str:
    """Fold white space, case, quotes and a full stop; text of nothing else stays as it is."""
    plain = " ".join(text.split()).casefold()
    return plain.strip("\"'").rstrip(".") or plain


def _text(spec: AnswerSpec, value: Value) -> str:
    if not isinstance(value, str):
        raise NotReadable(f"expected text, got {show(value)}")
    folded = _fold(value)
    for synonyms in spec.synonyms:
        if folded in {_fold(text) for text in synonyms.texts}:
            return _fold(synonyms.meaning)
    return folded


_DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%d %B %Y", "%B %d, %Y", "%B %d %Y", "%d %b %Y")
"""Only forms in which day and month cannot be confused."""


def _date(value: Value) -> datetime.date:
    if isinstance(value, str):
        text = value.strip().rstrip(".").removesuffix("T00:00:00").removesuffix(" 00:00:00")
        for form in _DATE_FORMATS:
            try:
                return datetime.datetime.strptime(text, form).replace(tzinfo=datetime.UTC).date()
            except ValueError:
                continue
    raise NotReadable(f"expected a date such as 2024-03-09, got {show(value)}")


def _items(value: Value) -> list[Value]:
    parsed = _parsed(value)
    if isinstance(parsed, list):
        return parsed
    if isinstance(value, str):
        return [part.strip() for part in value.strip("[]").split(",")] if value.strip("[] ") else []
    raise NotReadable(f"expected a list, got {show(value)}")


def _mapping(value: Value) -> dict[str, Value]:
    parsed = _parsed(value)
    if isinstance(parsed, dict):
        return parsed
    raise NotReadable(f"expected a mapping of names to values, got {show(value)}")


def _parsed(value: Value) -> Value:
    """Read JSON text; its numbers stay the text that stands there, which every kind can read."""
    if not isinstance(value, str):
        return value
    try:
        parsed: Value = json.loads(
            value, parse_int=str, parse_float=str, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        return None
    return parsed


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _equal_tables(spec: AnswerSpec, gold: Value, given: Value) -> bool:
    row = AnswerSpec(kind="list", item=spec.item)
    return _equal_items(AnswerSpec(kind="list", order=spec.order, item=row), gold, given)


_EQUALITY: Mapping[AnswerKind, Callable[[AnswerSpec, Value, Value], bool]] = {
    "integer": lambda spec, gold, given: _integer(gold, spec) == _integer(given, spec),
    "number": lambda spec, gold, given: _equal_numbers(
        spec, _decimal(gold, spec), _decimal(given, spec)
    ),
    "boolean": lambda _, gold, given: _boolean(gold) is _boolean(given),
    "string": lambda spec, gold, given: _text(spec, gold) == _text(spec, given),
    "date": lambda _, gold, given: _date(gold) == _date(given),
    "list": _equal_items,
    "set": _equal_items,
    "mapping": lambda spec, gold, given: _equal_mappings(spec, _mapping(gold), _mapping(given)),
    "table": _equal_tables,
}
