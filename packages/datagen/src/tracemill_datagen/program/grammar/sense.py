"""What an operator may stand over for its value to mean something and to be asked in one way only.

An operator that is not named here may stand over whatever its types allow.
"""

from __future__ import annotations

from collections.abc import Mapping

_COUNTS = frozenset({"group_count", "part_count", "group_distinct"})
_SUMS = frozenset({"group_sum", "part_sum"})
_LEVELS = frozenset({"group_mean", "group_median", "part_mean"})
_ENDS = frozenset({"group_max", "group_min"})
_SPREADS = frozenset({"group_std"})
_SHARES = frozenset({"group_share"})
_TOTALS = frozenset({"series_count", "series_sum"})

MEANT: Mapping[str, frozenset[str]] = {
    # The share of a total wants a total: that of means, extremes or deviations is none.
    "top_share": frozenset({"group_count", "part_count"}) | _SUMS,
    "running_share": _TOTALS,
    "fill_periods": _TOTALS,
    "periods_mean": _TOTALS | {"fill_periods"},
    # Periods have their number whatever is measured in them.
    "period_count": frozenset({"series_count"}),
    # The group of most rows is the mode; shares have the order of the counts.
    "argmax_group": frozenset({"part_count", "group_distinct"}) | _SUMS | _LEVELS | _ENDS
    | _SPREADS,
    "argmin_group": _COUNTS | _SUMS | _LEVELS | _ENDS | _SPREADS,
    "second_group": _COUNTS | _SUMS | _LEVELS,
    "top_groups": _COUNTS | _SUMS | _LEVELS | _ENDS | _SPREADS,
    # The largest of the groups' largest values is that of all rows, their largest number of rows
    # that of the rows of the largest group, and shares have one mean.
    "groups_max": frozenset({"part_count", "group_distinct", "group_min"}) | _SUMS | _LEVELS
    | _SPREADS | _SHARES,
    "groups_min": _COUNTS | _SUMS | _LEVELS | _SPREADS | _SHARES | {"group_max"},
    "groups_range": _COUNTS | _SUMS | _LEVELS | _SPREADS | _SHARES | _ENDS,
    "groups_mean": _COUNTS | _SUMS | _LEVELS,
}  # fmt: skip
"""Operator -> what it may stand over."""

MEASURED: Mapping[str, str] = {
    "sum": "additive",
    "variation": "proportional",
    "value_count": "sparse",
    **dict.fromkeys(("min", "max", "median", "quantile", "kth_largest", "kth_smallest",
                     "value_range"), "scales"),
}  # fmt: skip
"""Operator of one column -> the role (``table/role.py``) whose columns it measures; those of
``scales`` besides all measures."""

COUNTED = frozenset({"top_rows", "bottom_rows"})
"""Selections whose number of rows stands in their words."""

UNREAD = frozenset({"empty_rows", "incomplete_rows"})
"""Selections that are counted and not measured: why nobody knows a cell says little of others."""


def is_meant(operator: str, operand: str) -> bool:
    """Tell whether an operator may stand over another one."""
    if operator == "count":
        return operand not in COUNTED
    if operator == "column":
        return operand not in UNREAD
    return operator not in MEANT or operand in MEANT[operator]
