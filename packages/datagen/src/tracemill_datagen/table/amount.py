"""Which quantities may be added up, and of which a ratio or a percentage means something.

Both are told by words of the column's name, by its unit and by its least value. In doubt a column
is not added up: better no question than a silly one.
"""

from __future__ import annotations

from tracemill_datagen.table.unit import CALENDAR, words

FLOWS = frozenset({
    "amount", "births", "bookings", "bronze", "budget", "calls", "cases", "clicks", "contributions",
    "cost", "costs", "deaths", "disbursements", "distance", "divorces", "donations", "downloads",
    "earnings", "emissions", "expenditure", "expenses", "flights", "generation", "goals", "gold",
    "hurricanes", "injuries", "invest", "investment", "marriages", "medals", "orders", "passengers",
    "payments", "precip", "precipitation", "production", "profit", "purchases", "qty", "quantity",
    "rain", "rainfall", "receipts", "repayments", "returns", "revenue", "sales", "seats", "silver",
    "snow", "snowfall", "sold", "spending", "tonnage", "tonnes", "trips", "turnover", "units",
    "visitors", "visits", "volume", "votes",
})  # fmt: skip
"""Words of columns that hold amounts: their sum over any rows is an amount again."""

STOCKS = frozenset({
    "count", "counts", "employees", "engineers", "households", "inhabitants", "people", "pop",
    "population", "residents",
})  # fmt: skip
"""Words of columns that hold what is there at one time: a sum over times counts it again."""

RATES = frozenset({
    "age", "average", "avg", "change", "density", "index", "level", "log", "max", "mean", "median",
    "min", "pct", "per", "percent", "percentage", "price", "rate", "rating", "ratio", "score",
    "share", "speed", "std", "temp", "temperature", "unit",
})  # fmt: skip
"""Words that make an amount a level: ``cost per unit``, ``mean sales``, ``birth rate``."""

INTERVALS = frozenset({
    "celsius", "dewp", "dewpoint", "fahrenheit", "index", "ln", "log", "longitude", "lat", "lng",
    "lon", "temp", "temperature", "temps", "tmax", "tmin", "z", "zscore",
})  # fmt: skip
"""Words of scales whose zero is a convention: 20 degrees are not twice 10."""

_WEIGHTS = STOCKS | {
    "orders", "passengers", "qty", "quantity", "sales", "seats", "sold", "tonnage", "tonnes",
    "units", "visits", "volume", "votes",
}  # fmt: skip
"""Words of columns that say of how many each row speaks."""

_INTERVAL_UNITS = frozenset({"°C", "°F"})


def is_timed(names: tuple[str, ...]) -> bool:
    """Tell whether some column's name is that of a calendar part, a date or a time."""
    return any(not CALENDAR.isdisjoint(words(name)) for name in names)


def adds_up(name: str, least: float, *, timed: bool) -> bool:
    """Tell whether the sum of a quantity over rows means something.

    Temperatures, prices and sizes have no such sum, nor have stocks in a table with times.

    Args:
        name: Header text.
        least: Its smallest value; losses are no amounts.
        timed: True if the table has a column of dates or calendar parts.
    """
    parts = frozenset(words(name))
    added = FLOWS if timed else FLOWS | STOCKS
    return least >= 0 and not added.isdisjoint(parts) and RATES.isdisjoint(parts)


def is_weight(name: str) -> bool:
    """Tell whether a quantity says how much there is of what others are the rates of."""
    parts = frozenset(words(name))
    return not _WEIGHTS.isdisjoint(parts) and RATES.isdisjoint(parts)


def has_true_zero(name: str, least: float, unit: str | None) -> bool:
    """Tell whether ratios, percentages and coefficients of variation of a quantity mean something.

    Args:
        name: Header text.
        least: Its smallest value; below zero there is no zero to measure from.
        unit: Its unit, if one is known.
    """
    return least >= 0 and unit not in _INTERVAL_UNITS and INTERVALS.isdisjoint(words(name))
