from __future__ import annotations

from typing import TYPE_CHECKING

from tracemill_datagen.trace.build import build_trace
from tracemill_datagen.trace.show import shown

if TYPE_CHECKING:
    from tracemill_schema.episode import Episode
    from tracemill_schema.question import Question
    from tracemill_schema.table import Table


def test_a_trace_is_shown_with_its_steps_and_claims(
    accepted: dict[str, Episode], questions: dict[str, Question], table: Table
) -> None:
    trace = build_trace(accepted["none_of_them"], questions["none_of_them"], table)
    assert shown(trace) == (
        f"trace {trace.id[:16]}  family none_of_them  licence CC0-1.0\n"
        "\n"
        "What does none_of_them give?\n"
        "Table flowers: 6 rows; columns height (integer).\n"
        "\n"
        "  0  table: the table = <6 rows, 3 columns>  [quoted]\n"
        "  1  rows_tall: the rows of table where 'height' is above 99 = <0 rows, 3 columns>"
        "  [quoted]\n"
        "  2  row_count: the number of items in rows_tall = 0  [quoted]\n"
        "  3  answer: row_count as an integer = 0  [quote #2]\n"
        "\n"
        "answer  0"
    )
