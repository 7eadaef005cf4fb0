"""Unit hints from column names, and names whose numbers are no quantities."""

from __future__ import annotations

import re

CALENDAR = frozenset({
    "year", "yr", "month", "day", "hour", "minute", "quarter", "week", "weekday", "decade",
    "date", "time", "datetime",
})  # fmt: skip
"""Names of calendar parts: they order and group rows; their mean or sum says nothing."""

POSITION = frozenset({
    "lat", "latitude", "lon", "lng", "long", "longitude", "dir", "direction", "bearing", "heading",
    "azimuth",
})  # fmt: skip
"""Names of coordinates and directions: in degrees of a circle; never summed or averaged."""

LABELS = frozenset({
    "cluster", "class", "group", "segment", "type", "category", "tz", "timezone", "period",
})  # fmt: skip
"""Last words of numbered labels: ``cluster`` 3 is no more than ``cluster`` 1. They group rows.
``class_size`` is a quantity."""

_WORDS = {
    "pct": "%", "percent": "%", "percentage": "%", "usd": "$", "eur": "€", "mph": "mph",
    "kmh": "km/h", "kwh": "kWh", "mpg": "mpg", "psi": "psi", "celsius": "°C",
    "fahrenheit": "°F", "seconds": "s", "minutes": "min", "hours": "h", "days": "days",
    "months": "months", "years": "years",
}  # fmt: skip
"""Last word of a column name, in any case -> unit."""

_SYMBOLS = {
    "mm": "mm", "cm": "cm", "km": "km", "kg": "kg", "g": "g", "mg": "mg", "lb": "lb", "lbs": "lb",
    "hp": "hp", "hz": "Hz", "Hz": "Hz", "kw": "kW", "kW": "kW",
}  # fmt: skip
"""End of a column name, in this case -> unit. Alone they are too short to be sure: ``Mg`` is
magnesium, ``G`` are games, ``hp`` are hit points. Symbols that mean many things behind a word, too
(m, s), are left out."""

_BEHIND_A_WORD = re.compile(r".*[A-Za-z0-9][^A-Za-z0-9]+([A-Za-z]+)[^A-Za-z0-9]*", re.ASCII)


def words(name: str) -> tuple[str, ...]:
    """Split a column name into lower-case words: ``DestAirportID`` -> dest, airport, id."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return tuple(re.findall(r"[a-z]+|\d+", spaced.lower()))


def orders_rows(name: str) -> bool:
    """Tell whether a column's numbers are calendar parts or labels: they group and order rows."""
    parts = words(name)
    return not CALENDAR.isdisjoint(parts) or (bool(parts) and parts[-1] in LABELS)


def is_quantity(name: str) -> bool:
    """Tell whether a column of numbers that identify nothing may be summed and averaged."""
    return not orders_rows(name) and POSITION.isdisjoint(words(name))


def unit_of(name: str) -> str | None:
    """Return the unit that a column name hints at, or None."""
    parts = words(name)
    if parts and parts[-1] in _WORDS:
        return _WORDS[parts[-1]]
    behind = _BEHIND_A_WORD.fullmatch(name)
    return _SYMBOLS.get(behind[1]) if behind is not None else None
