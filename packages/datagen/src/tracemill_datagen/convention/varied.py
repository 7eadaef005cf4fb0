"""Conventions that single families vary, a part of the catalogue.

No operator stands for them: a family writes one program for each option, so only it can rewrite
its question. Its prompt may say more than the sentence here, for instance which column is meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tracemill_datagen.convention.axis import Convention, Option


def _varied(axis: str, about: str, concerns: str, options: Mapping[str, str]) -> Convention:
    """Make a convention of option -> statement; a statement is found by its words up to a slot."""
    return Convention(
        axis=axis,
        about=about,
        concerns=concerns,
        options=tuple(
            Option(
                name=name, statement=statement, says=re.escape(statement.partition("{")[0].strip())
            )
            for name, statement in options.items()
        ),
    )


VARIED: tuple[Convention, ...] = (
    _varied(
        "target",
        "Whether what is compared or explained is itself on the other side, too.",
        "families that compare a group with the table, or look for a column: their rows or columns",
        {
            "target excluded": "Leave it out of what it is compared with.",
            "target included": "Count it among what it is compared with.",
        },
    ),
    _varied(
        "column",
        "Which of several admissible columns is meant.",
        "families that leave the column to be found: by, column, x, y",
        {
            "first column": "Take the first of these columns.",
            "most balanced column": "Take the column with the smallest ratio of its largest to its "
            "smallest group.",
            "highest-variance column": "Take the column with the highest variance.",
            "only column": "Take the only such column.",
        },
    ),
    _varied(
        "best predictor",
        "By what one column predicts another best.",
        "regression_most_predictive",
        {
            "by R squared": "Judge by R squared of the simple linear regression on the column.",
            "by rank correlation": "Judge by the absolute Spearman rank correlation with the "
            "column.",
        },
    ),
    _varied(
        "limits",
        "Whether a value that equals a limit lies within it.",
        "count_in_range",
        {
            "limits counted": "Count rows that equal a limit, too.",
            "limits not counted": "Do not count rows that equal a limit.",
        },
    ),
    _varied(
        "not in a category",
        "Whether a row without a category is in another one.",
        "count_not_in_category",
        {
            "empty cells counted": "Count rows where that column is empty, too.",
            "empty cells not counted": "Do not count rows where that column is empty.",
        },
    ),
    _varied(
        "group rows",
        "Whether rows without a value count in the size of a group.",
        "mean_group_size",
        {
            "all rows": "Count rows without a value, too.",
            "rows with a value": "Count only rows that have a value in that column.",
        },
    ),
    _varied(
        "overall mean",
        "What a group is compared with.",
        "group_above_overall_mean, groups_above_mean, group_rows_above_mean",
        {
            "mean of all rows": "The overall mean is that of all rows.",
            "mean of the group": "Take the mean over the rows of that group only.",
            "mean of the groups' means": "The overall mean is the mean of the groups' means, each "
            "group counting once.",
        },
    ),
    _varied(
        "equal values",
        "Whether equal values have one rank or one each.",
        "kth_largest_value",
        {
            "ties: every row": "Count equal values one by one.",
            "ties: different values": "Count equal values once.",
        },
    ),
    _varied(
        "gap",
        "How many days lie between two dates.",
        "longest_gap_between_dates",
        {
            "later date minus earlier date": "Subtract the earlier date from the later one.",
            "days without rows": "Count the days without rows between them.",
        },
    ),
    _varied(
        "rise",
        "By what rises are compared.",
        "largest_rise_between_periods",
        {
            "rise by amount": "Compare rises by their amount, not in percent.",
            "rise in percent": "Compare rises in percent of the {unit} before.",
        },
    ),
    _varied(
        "window",
        "By which of its periods a window is named.",
        "rolling_mean_peak",
        {
            "window named by its first": "Name each window by its first {unit}.",
            "window named by its middle": "Name each window by its middle {unit}.",
            "window named by its last": "Name each window by its last {unit}.",
        },
    ),
)
