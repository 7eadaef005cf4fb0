"""Unit hints from column names, and which columns are calendar parts."""

from __future__ import annotations

import re

CALENDAR = frozenset({
    "year", "yr", "month", "day", "hour", "minute", "quarter", "week", "weekday", "decade",
    "date", "time", "datetime",
})  # fmt: skip
"""Names of calendar parts: they order and group rows; their mean or sum says nothing."""

POSITION = frozenset(["lat", "latitude", "lon", "lng", "long", "longitude"])
"""Names of coordinates: quantities, but in degrees of a circle; never summed or averaged."""

_UNITS = {
    "mm": "mm", "cm": "cm", "km": "km", "kg": "kg", "g": "g", "lb": "lb", "lbs": "lb", "mg": "mg",
    "pct": "%", "percent": "%", "percentage": "%", "usd": "$", "eur": "€", "mph": "mph",
    "kmh": "km/h", "hz": "Hz", "kw": "kW", "kwh": "kWh", "mpg": "mpg", "hp": "hp", "psi": "psi",
    "celsius": "°C", "fahrenheit": "°F", "seconds": "s", "minutes": "min", "hours": "h",
    "days": "days", "months": "months", "years": "years",
}  # fmt: skip
"""Last word of a column name -> unit; single letters that mean many things (m, s) are left out."""


def words(name: str) -> tuple[str, ...]:
    """Split a column name into lower-case words: ``DestAirportID`` -> dest, airport, id."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return tuple(re.findall(r"[a-z]+|\d+", spaced.lower()))


def unit_of(name: str) -> str | None:
    """Return the unit that a column name hints at, or None."""
    parts = words(name)
    return _UNITS.get(parts[-1]) if parts else None
