"""Reading a number as people and models write it: groups, signs, powers of ten, units.

A text is read as one number or not at all. The decimal mark is the point and the comma groups
thousands, as in the questions; a decimal comma is read where it can be nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import (
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    InvalidOperation,
    localcontext,
)

from tracemill_schema.answer_text import bare, unquoted

MOST_DIGITS = 400
"""Before the point of a given number; a double has at most 309, so no gold has more."""

_EXACT = Context(prec=2 * MOST_DIGITS)
"""Room for all digits of such a number and the decimals that a question may ask for."""

_POINT = re.compile(
    r"[+-]?(?=\.?\d)(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?: \d{3})+|\d+)?(?:\.\d+)?"
    r"(?:[eE][+-]?\d{1,4})?",
    re.ASCII,
)
_SIMPLE = re.compile(r"[+-]?\d{1,300}(?:\.\d{1,300})?", re.ASCII)
"""Most answers: nothing has to be taken off."""

_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:[. ]\d{3})+,\d+|(?:\.\d{3}){2,})", re.ASCII)
"""Groups that show by themselves that the comma is the decimal mark, or that there is none."""

_COMMA = re.compile(r"[+-]?(?:0,\d+|\d+,(?!\d{3}$)\d+)", re.ASCII)
_FRACTION = re.compile(r"([+-]?\d{1,400}) ?/ ?(\d{1,400})", re.ASCII)
_POWER = re.compile(r" ?[\u00d7x*·] ?10(?:\^|\*\*)(?:\(([+-]?\d{1,4})\)|([+-]?\d{1,4}))$", re.ASCII)
_SUPERSCRIPT = re.compile("[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_RAISED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_EQUALS = re.compile("([=≈])")
_SYMBOL = re.compile(r"[^\W\d_](?:²|\^2)?")

_TEX = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\\[,;:! ]|(?<=\d)~", " "),
        (r"\{,\}", ","),
        (r"\\([%$])", r"\1"),
        (r"\\times(?![a-zA-Z])", "\N{MULTIPLICATION SIGN}"),
        (r"\\cdot(?![a-zA-Z])", "·"),
        (r"\\approx(?![a-zA-Z])", "≈"),
        (r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}", r"\1/\2"),
        (r"\^\{([^{}]*)\}", r"^\1"),
        (r"\\(?:text|mathrm)\{([^{}]*)\}", r" \1"),
    )
)

_CURRENCIES: Mapping[str, tuple[str, ...]] = {
    "$": ("dollars", "dollar", "usd", "us$"),
    "€": ("euros", "euro", "eur"),
    "£": ("pounds", "pound", "gbp"),
    "¥": ("yen", "jpy"),
}
"""May stand before the number, too: the sign, or a code of ISO 4217."""

_WRITTEN: Mapping[str, tuple[str, ...]] = {
    **_CURRENCIES,
    "%": ("percent", "per cent"),
    "g": ("grams", "gram"),
    "kg": ("kilograms", "kilogram"),
    "mg": ("milligrams", "milligram"),
    "mm": ("millimeters", "millimeter", "millimetres", "millimetre"),
    "cm": ("centimeters", "centimeter", "centimetres", "centimetre"),
    "km": ("kilometers", "kilometer", "kilometres", "kilometre"),
    "lb": ("lbs", "pounds", "pound"),
    "hp": ("horsepower",),
    "Hz": ("hertz",),
    "kW": ("kilowatts", "kilowatt"),
    "kWh": ("kilowatt-hours", "kilowatt hours"),
    "mph": ("miles per hour",),
    "km/h": ("kilometers per hour", "kilometres per hour"),
    "mpg": ("miles per gallon",),
    "°C": ("degrees celsius", "celsius"),
    "°F": ("degrees fahrenheit", "fahrenheit"),
    "s": ("seconds", "second", "secs", "sec"),
    "min": ("minutes", "minute", "mins"),
    "h": ("hours", "hour", "hrs", "hr"),
    "days": ("day",),
    "months": ("month",),
    "years": ("year",),
}
"""Other ways to write a unit. A unit that is not here is read as it stands in the spec."""

_MILLI = frozenset(["mg", "mm"])
"""Symbols that name another unit with a capital M (mega)."""


@dataclass(frozen=True, kw_only=True)
class Notation:
    """What a question allows beside the figures of one number.

    Attributes:
        unit: The unit that may stand beside the number.
        rough: ``≈`` may stand there, as the question asks for a rounded number.
        fraction: The last number of a chain may be a fraction; the ones before it always may.
        comma: A lone comma that cannot group may be a decimal mark. Where decimals do not count
            it may not: ``42,43`` would hedge between two whole numbers.
    """

    unit: str | None = None
    rough: bool = False
    fraction: bool = False
    comma: bool = False


def stated(text: str, notation: Notation) -> tuple[Decimal, ...]:
    """Return every number that an answer states, or none if it is not readable as one number.

    There are several in ``3/4 = 0.75`` and ``0.4567 ≈ 0.46``: a chain says the same more than once,
    so each of its numbers must be correct. A symbol of one letter may lead (``p = 0.031``).
    """
    if _SIMPLE.fullmatch(text):
        return (Decimal(text),)
    chain = _EQUALS.split(_without_tex(unquoted(bare(text)).removesuffix(".")))
    if "≈" in chain and not notation.rough:
        return ()
    parts = [part.strip() for part in chain[::2]]
    if len(parts) > 1 and (not parts[0] or _SYMBOL.fullmatch(parts[0])):
        del parts[0]
    *before, last = parts
    found = [*(_number(part, replace(notation, fraction=True)) for part in before)]
    found.append(_number(last, notation))
    known = tuple(number for number in found if number is not None)
    return known if len(known) == len(found) else ()


def same_number(
    gold: Decimal, given: Decimal, *, decimals: int | None, tolerance: float | None
) -> bool:
    """Compare two numbers after rounding both, or within a relative tolerance, or exactly.

    Which way a half is rounded no question says, and people and libraries differ: so a number that
    ends in a half beyond the asked digits stands for both neighbours that a rule in use gives.
    """
    if gold == given:
        return True
    if decimals is not None:
        return not _roundings(gold, decimals).isdisjoint(_roundings(given, decimals))
    if tolerance is not None:
        with localcontext(_EXACT):
            return abs(given - gold) <= abs(gold) * Decimal(repr(tolerance))
    return False


def quantized(value: Decimal, decimals: int, *, rounding: str = ROUND_HALF_UP) -> Decimal:
    """Round at ``decimals`` digits after the point, half away from zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=rounding, context=_EXACT)


def _roundings(value: Decimal, decimals: int) -> frozenset[Decimal]:
    rules = (ROUND_HALF_UP, ROUND_HALF_EVEN)
    return frozenset(quantized(value, decimals, rounding=rule) for rule in rules)


def _number(text: str, notation: Notation) -> Decimal | None:
    raised = _SUPERSCRIPT.sub(lambda found: "^" + found[0].translate(_RAISED), text)
    joined = " ".join(_without_unit(raised.strip(), notation.unit).split())
    ratio = _FRACTION.fullmatch(joined) if notation.fraction else None
    if ratio is not None:
        below = Decimal(ratio[2])
        return _EXACT.divide(Decimal(ratio[1]), below) if below else None
    digits = _POWER.sub(lambda found: f"e{found[1] or found[2]}", joined)
    if _POINT.fullmatch(digits):
        digits = digits.replace(",", "").replace(" ", "")
    elif _GROUPS.fullmatch(digits) or (notation.comma and _COMMA.fullmatch(digits)):
        digits = digits.replace(".", "").replace(" ", "").replace(",", ".")
    else:
        return None
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None  # an exponent beyond what Decimal holds


def _without_tex(text: str) -> str:
    if not {"\\", "{", "~"}.isdisjoint(text):
        for pattern, replacement in _TEX:
            text = pattern.sub(replacement, text)
    return text.strip()


def _without_unit(text: str, unit: str | None) -> str:
    """Take the unit from behind the number, and a currency from before it."""
    if unit is None:
        return text
    text = next((text[: -len(name)] for name in _names(unit) if _ends(text, name)), text).rstrip()
    sign = text[:1] if text[:1] in ("+", "-") else ""
    amount = text[len(sign) :]
    before = (name for name in _names(unit) if unit in _CURRENCIES)
    found = next((name for name in before if amount.casefold().startswith(name.casefold())), "")
    return sign + amount[len(found) :].lstrip() if found else text


def _names(unit: str) -> Iterator[str]:
    yield from sorted((unit, *_WRITTEN.get(unit, ())), key=len, reverse=True)


def _ends(text: str, name: str) -> bool:
    tail = text[-len(name) :]
    if name in _MILLI and tail.startswith("M"):
        return False
    return tail.casefold() == name.casefold()
