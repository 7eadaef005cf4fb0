"""Operators on a series: one number a period of time, read in the order of time.

Neighbours are periods that are next to each other in the series; where a period between them has
no rows they may lie further apart (``fill_periods`` and the guard of a family see to that).
"""

# ruff: noqa: S608 - the SQL is made of fixed text and bound parameters only
from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.binding import each
from tracemill_datagen.program.datum import (
    TIE,
    Datum,
    Label,
    Number,
    ValueType,
    close,
    groups_in,
)
from tracemill_datagen.program.operator import Operator, Parameters, SqlScope, integer
from tracemill_datagen.program.vector import average, total
from tracemill_datagen.program.words import snake

WINDOWS = (2, 3, 4, 6, 7)
"""Periods in a rolling window."""

ENDS = ("last", "first", "middle")
"""Which period of a window names it; only windows of an odd number have a middle."""

SHARES = (25, 50, 75, 90)
"""Percentages of a running total that are asked for."""

Pairs = Sequence[tuple[Label, Number]]


def _operator(
    name: str,
    output: ValueType,
    compute: Callable[[Pairs, Parameters], Datum],
    *,
    sql: str,
    pandas: str,
    wordings: tuple[str, ...],
    literal: tuple[str, Sequence[int]] | None = None,
    keeps_unit: bool = False,
    unit: str | None = None,
) -> Operator:
    """Make an operator; in ``sql``, ``{s}`` is the series as a table and ``{n}`` the literal."""
    key = literal[0] if literal is not None else ""

    def text(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
        n = scope.literal(integer(parameters, key)) if key else ""
        return f"({sql.format(s=inputs[0], n=n)})"

    return Operator(
        name=name,
        inputs=("series",),
        output=output,
        evaluate=lambda _s, p, i: compute(list(groups_in(i[0]).items()), p),
        sql=text,
        pandas=lambda p, i: pandas.format(s=i[0], n=p.get(key, "")),
        variable=lambda _p, i: snake(name, i[0]),
        wordings=wordings,
        bindings=each(*literal) if literal is not None else lambda _roles: [{}],
        keeps_unit=keeps_unit,
        unit=unit,
    )


def _scale(pairs: Pairs) -> float:
    return max(abs(value) for _, value in pairs)


def _clear(left: Number, right: Number, scale: float, what: str) -> None:
    """Refuse a difference that is within the noise of numbers as large as ``scale``."""
    if abs(left - right) <= TIE * scale:
        raise Rejected("tie", what)


def _best(pairs: Pairs, *, largest: bool, scale: float) -> tuple[Label, Number]:
    ordered = sorted(pairs, key=lambda pair: -pair[1] if largest else pair[1])
    (best, value), (second, next_value) = ordered[0], ordered[1]
    _clear(value, next_value, scale, f"{best} and {second}")
    return best, value


def _changes(pairs: Pairs) -> Pairs:
    """Return (later period, change from the one before)."""
    return [(later, after - before) for (_, before), (later, after) in pairwise(pairs)]


def _change(pairs: Pairs, _: Parameters) -> Number:
    first, last = pairs[0][1], pairs[-1][1]
    if close(first, last):
        raise Rejected("vanishes", f"{first} and {last} are the same but for rounding")
    return last - first


def _percent(pairs: Pairs, parameters: Parameters) -> Number:
    if pairs[0][1] <= 0:
        raise Rejected("no_base", f"a percentage of {pairs[0][1]}")
    return 100 * _change(pairs, parameters) / pairs[0][1]


def _steepest(pairs: Pairs, *, largest: bool) -> tuple[Label, Number]:
    label, change = _best(_changes(pairs), largest=largest, scale=_scale(pairs))
    if (change > 0) is not largest:
        raise Rejected("no_change", "the series only falls" if largest else "it only rises")
    return label, change


def _growth(pairs: Pairs, _: Parameters) -> Label:
    if any(value <= 0 for _, value in pairs):
        raise Rejected("no_base", "percentages of values that are not positive")
    ratios = [(later, after / before) for (_, before), (later, after) in pairwise(pairs)]
    label, ratio = _best(ratios, largest=True, scale=_scale(ratios))
    if ratio <= 1:
        raise Rejected("no_change", "the series only falls")
    return label


def _rises(pairs: Pairs, _: Parameters) -> Number:
    count = 0
    for (left, before), (right, after) in pairwise(pairs):
        exact = isinstance(before, int) and isinstance(after, int)
        if not exact and close(before, after):
            raise Rejected("tie", f"{left} and {right}")
        count += after > before
    if count == 0:
        raise Rejected("no_change", "the series never rises")
    return count


def _rolling(pairs: Pairs, parameters: Parameters) -> Pairs:
    """Return (period that names the window, mean of the window)."""
    window = integer(parameters, "window")
    if len(pairs) < window + 2:
        raise Rejected("too_few_periods", f"{len(pairs)} for windows of {window}")
    named = _offset(parameters)
    return [
        (pairs[start + named][0], average([value for _, value in pairs[start : start + window]]))
        for start in range(len(pairs) - window + 1)
    ]


def _offset(parameters: Parameters) -> int:
    """Return which period of a window names it, counted from 0; the last one if nothing is said."""
    window = integer(parameters, "window")
    offsets = {"last": window - 1, "first": 0, "middle": window // 2}
    return offsets[str(parameters.get("at", "last"))]


def _sql_peak(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    window, named = integer(parameters, "window"), _offset(parameters)
    before, after = scope.literal(named), scope.literal(window - 1 - named)
    return (
        f"(SELECT label FROM (SELECT label, AVG(value) OVER w AS m, COUNT(*) OVER w AS k FROM "
        f"({inputs[0]}) WINDOW w AS (ORDER BY label ROWS BETWEEN {before} PRECEDING AND {after} "
        f"FOLLOWING)) WHERE k = {scope.literal(window)} ORDER BY m DESC LIMIT 1)"
    )


def _pandas_peak(parameters: Parameters, inputs: Sequence[str]) -> str:
    window, at = integer(parameters, "window"), parameters["at"]
    centre = ", center=True" if at == "middle" else ""
    shift = f".shift({1 - window})" if at == "first" else ""
    return f"{inputs[0]}.rolling({window}{centre}).mean(){shift}.idxmax()"


def _peak(pairs: Pairs, parameters: Parameters) -> tuple[Label, Number]:
    return _best(_rolling(pairs, parameters), largest=True, scale=_scale(pairs))


def _crossing(pairs: Pairs, parameters: Parameters) -> Label:
    if any(value < 0 for _, value in pairs):
        raise Rejected("not_a_share", "a running total of negative values")
    whole = total([value for _, value in pairs])
    limit = whole * integer(parameters, "percent") / 100
    if whole == 0:
        raise Rejected("division_by_zero", "the total is 0")
    running = accumulate(value for _, value in pairs)
    for (label, _), reached in zip(pairs, running, strict=True):
        _clear(reached, limit, whole, f"{label} reaches the limit exactly")
        if reached > limit:
            return label
    raise Rejected("no_values", "the total is never reached")


_CHANGES = "SELECT label, value - LAG(value) OVER (ORDER BY label) AS d FROM ({s})"
_FIRST = "SELECT value FROM s ORDER BY label LIMIT 1"
_LAST = "SELECT value FROM s ORDER BY label DESC LIMIT 1"
_ROLLING = (
    "SELECT label, AVG(value) OVER w AS m, COUNT(*) OVER w AS k FROM ({s}) "
    "WINDOW w AS (ORDER BY label ROWS BETWEEN {n} - 1 PRECEDING AND CURRENT ROW)"
)

CHANGE_FIRST_LAST = _operator(
    "change_first_last",
    "number",
    _change,
    sql=f"WITH s AS MATERIALIZED ({{s}}) SELECT ({_LAST}) - ({_FIRST})",
    pandas="{s}.iloc[-1] - {s}.iloc[0]",
    wordings=("the change from the first to the last period (last minus first) in {0}",),
    keeps_unit=True,
)
PERCENT_CHANGE = _operator(
    "percent_change",
    "number",
    _percent,
    sql=f"WITH s AS MATERIALIZED ({{s}}) SELECT 100.0 * (({_LAST}) - ({_FIRST})) / ({_FIRST})",
    pandas="100 * ({s}.iloc[-1] - {s}.iloc[0]) / {s}.iloc[0]",
    wordings=(
        "the change from the first to the last period, as a percentage of the first, in {0}",
    ),
    unit="%",
)
RISE_PERIOD = _operator(
    "rise_period",
    "label",
    lambda pairs, _: _steepest(pairs, largest=True)[0],
    sql=f"SELECT label FROM ({_CHANGES}) WHERE d IS NOT NULL ORDER BY d DESC LIMIT 1",
    pandas="{s}.diff().idxmax()",
    wordings=("the period with the largest rise from the period before in {0}",),
)
FALL_PERIOD = _operator(
    "fall_period",
    "label",
    lambda pairs, _: _steepest(pairs, largest=False)[0],
    sql=f"SELECT label FROM ({_CHANGES}) WHERE d IS NOT NULL ORDER BY d LIMIT 1",
    pandas="{s}.diff().idxmin()",
    wordings=("the period with the largest fall from the period before in {0}",),
)
GROWTH_PERIOD = _operator(
    "growth_period",
    "label",
    _growth,
    sql="SELECT label FROM (SELECT label, value * 1.0 / LAG(value) OVER (ORDER BY label) AS d "
    "FROM ({s})) WHERE d IS NOT NULL ORDER BY d DESC LIMIT 1",
    pandas="{s}.pct_change().idxmax()",
    wordings=("the period with the largest rise in percent of the period before in {0}",),
)
LARGEST_RISE = _operator(
    "largest_rise",
    "number",
    lambda pairs, _: _steepest(pairs, largest=True)[1],
    sql=f"SELECT MAX(d) FROM ({_CHANGES})",
    pandas="{s}.diff().max()",
    wordings=(
        "the largest rise from one period to the next in {0}",
        "the largest rise between neighbouring periods in {0}",
    ),
    keeps_unit=True,
)
RISES = _operator(
    "rises",
    "number",
    _rises,
    sql=f"SELECT COUNT(*) FROM ({_CHANGES}) WHERE d > 0",
    pandas="({s}.diff() > 0).sum()",
    wordings=("the number of periods with a higher value than the period before in {0}",),
)
ROLLING_MAX = _operator(
    "rolling_max",
    "number",
    lambda pairs, p: _peak(pairs, p)[1],
    sql=f"SELECT MAX(m) FROM ({_ROLLING}) WHERE k = {{n}}",
    pandas="{s}.rolling({n}).mean().max()",
    wordings=(
        "the largest mean of {window} neighbouring periods in {0}",
        "the peak of the rolling mean (window of {window} periods) in {0}",
    ),
    literal=("window", WINDOWS),
    keeps_unit=True,
)
ROLLING_PEAK = Operator(
    name="rolling_peak",
    inputs=("series",),
    output="label",
    evaluate=lambda _s, p, i: _peak(list(groups_in(i[0]).items()), p)[0],
    sql=_sql_peak,
    pandas=_pandas_peak,
    variable=lambda p, i: snake("rolling_peak", p["at"], i[0]),
    wordings=("the {at} of the {window} neighbouring periods with the largest mean in {0}",),
    words={"at": {at: at for at in ENDS}},
    bindings=lambda _roles: [
        {"window": window, "at": at}
        for window in WINDOWS
        for at in ENDS
        if window % 2 or at != "middle"
    ],
)
RUNNING_SHARE = _operator(
    "running_share",
    "label",
    _crossing,
    sql="WITH s AS MATERIALIZED ({s}) SELECT label FROM (SELECT label, SUM(value) OVER "
    "(ORDER BY label ROWS UNBOUNDED PRECEDING) AS r FROM s) "
    "WHERE r > (SELECT SUM(value) FROM s) * {n} / 100.0 ORDER BY label LIMIT 1",
    pandas="{s}.index[{s}.cumsum() > {s}.sum() * {n} / 100][0]",
    wordings=(
        "the first period at which the running total exceeds {percent} percent of the total in {0}",
    ),
    literal=("percent", SHARES),
)
PEAK_PERIOD = _operator(
    "peak_period",
    "label",
    lambda pairs, _: _best(pairs, largest=True, scale=_scale(pairs))[0],
    sql="SELECT label FROM ({s}) ORDER BY value DESC LIMIT 1",
    pandas="{s}.idxmax()",
    wordings=("the period with the highest value in {0}",),
)
LOW_PERIOD = _operator(
    "low_period",
    "label",
    lambda pairs, _: _best(pairs, largest=False, scale=_scale(pairs))[0],
    sql="SELECT label FROM ({s}) ORDER BY value LIMIT 1",
    pandas="{s}.idxmin()",
    wordings=("the period with the lowest value in {0}",),
)
PERIODS_MEAN = _operator(
    "periods_mean",
    "number",
    lambda pairs, _: average([value for _, value in pairs]),
    sql="SELECT AVG(value) FROM ({s})",
    pandas="{s}.mean()",
    wordings=("the mean over all periods of {0}",),
    keeps_unit=True,
)
PERIOD_COUNT = _operator(
    "period_count",
    "number",
    lambda pairs, _: len(pairs),
    sql="SELECT COUNT(*) FROM ({s})",
    pandas="len({s})",
    wordings=("the number of periods in {0}",),
)

OPERATORS = (
    CHANGE_FIRST_LAST,
    PERCENT_CHANGE,
    RISE_PERIOD,
    FALL_PERIOD,
    GROWTH_PERIOD,
    LARGEST_RISE,
    RISES,
    ROLLING_MAX,
    ROLLING_PEAK,
    RUNNING_SHARE,
    PEAK_PERIOD,
    LOW_PERIOD,
    PERIODS_MEAN,
    PERIOD_COUNT,
)
