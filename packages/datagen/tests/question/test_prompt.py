"""Prompts and answer specs."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.prompt import (
    MAX_PROMPT,
    check_steps,
    empty_cells,
    prompt_of,
    spec_of,
    unit_of_answer,
)
from tracemill_datagen.table.reader import parse_sheet
from tracemill_schema.answer import AnswerSpec

BILL = call("column", TABLE, column="bill_length_mm")
MALE = call("filter_equal", TABLE, column="sex", value="male")
PER_SEX = call("group_mean", TABLE, by="sex", column="body_mass_g")


@pytest.mark.parametrize(
    ("expression", "unit"),
    [
        (call("mean", BILL), "mm"),
        (call("difference", call("mean", BILL), call("min", BILL)), "mm"),
        (call("ratio", call("mean", BILL), call("min", BILL)), None),
        (call("share", call("count", MALE), call("count", TABLE)), "%"),
        (call("groups_max", PER_SEX), "g"),
        (call("groups_max", call("group_count", TABLE, by="sex")), None),
        (call("count", TABLE), None),
        (call("groups_above", PER_SEX, call("mean", BILL)), None),
        (call("groups_max", call("group_share", TABLE, by="sex")), "%"),
        (call("top_share", call("group_count", TABLE, by="sex"), n=1), "%"),
        (call("longest_gap", TABLE, by="year", counted="steps"), "days"),
    ],
)
def test_unit_is_the_measured_columns(
    bench: Bench, expression: Expression, unit: str | None
) -> None:
    assert unit_of_answer(expression, bench.sheet) == unit


def test_a_unit_that_stands_in_the_cells_is_the_answers() -> None:
    sheet = parse_sheet(b"shop,price\na,$1.50\nb,$2.25\n", name="prices", where="test")
    mean = call("mean", call("column", TABLE, column="price"))
    assert unit_of_answer(mean, sheet) == sheet.column("price").unit == "$"


@pytest.mark.parametrize(
    ("gold", "spec"),
    [
        (("a", "b"), AnswerSpec(kind="list", item=AnswerSpec(kind="string"))),
        ((1, 2), AnswerSpec(kind="list", item=AnswerSpec(kind="integer"))),
        ("a", AnswerSpec(kind="string")),
        (3, AnswerSpec(kind="integer", unit="mm")),
        (3.5, AnswerSpec(kind="number", decimals=2, unit="mm")),
    ],
)
def test_spec_follows_the_gold_value(bench: Bench, gold: Datum, spec: AnswerSpec) -> None:
    assert spec_of(call("mean", BILL), bench.sheet, gold, 2) == spec


@pytest.mark.parametrize(
    ("expression", "kind", "ending"),
    [
        (call("mean", BILL), "number", "Leave cells without a value out. S. Round to 2 decimals."),
        (
            call("count", MALE),
            "integer",
            "A cell without a value meets no condition. S. Answer with an integer.",
        ),
        (call("count", TABLE), "list", ("S. Answer with a JSON list of the values as they stand "
         "in the table.")),
        (call("count", TABLE), "string", "S. Answer with the value as it stands in the table."),
    ],
)  # fmt: skip
def test_prompt_says_what_becomes_of_empty_cells_and_how_to_answer(
    bench: Bench, expression: Expression, kind: str, ending: str
) -> None:
    spec = AnswerSpec.from_values({"kind": kind, "decimals": 2}, where="test")
    prompt = prompt_of("what is it", expression, bench.sheet, statement="S.", spec=spec)
    assert prompt == f"In the table penguins, what is it? {ending}"


OUT, MEETS = "Leave cells without a value out.", "A cell without a value meets no condition."
HEAVIEST = call("top_rows", TABLE, column="body_mass_g", n=3)
NO_SEX = call("empty_rows", TABLE, column="sex")
NOT_MALE = call("filter_not_equal", TABLE, column="sex", value="male")


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        (call("count", NO_SEX), ()),
        (call("count", call("incomplete_rows", TABLE)), ()),
        (call("count", call("not_null", TABLE, column="sex")), ()),
        (call("label_of_row", TABLE, key="island", value="Dream", column="sex"), ()),
        (call("value_of_row", TABLE, key="island", value="Dream", column="body_mass_g"), ()),
        (call("count", call("filter_equal", NO_SEX, column="sex", value="male")), (MEETS,)),
        (call("mean", call("column", NO_SEX, column="body_mass_g")), (OUT,)),
        (call("count", HEAVIEST), (OUT,)),
        (call("count", call("largest_group", TABLE, by="sex")), (OUT,)),
        (call("count", call("filter_equal", HEAVIEST, column="sex", value="male")), (OUT,)),
        (call("count", NOT_MALE), (MEETS,)),
        (call("mean", call("column", NOT_MALE, column="body_mass_g")), (OUT, MEETS)),
        (call("count", call("filter_not_equal", HEAVIEST, column="sex", value="male")),
         (OUT, MEETS)),
        (call("count", call("other_groups", TABLE, by="sex")), (OUT, MEETS)),
        (call("mean", call("column", call("filter_not_equal", TABLE, column="species",
                                          value="Adelie"), column="body_mass_g")), (OUT,)),
    ],
)  # fmt: skip
def test_empty_cells_are_spoken_of_only_where_that_says_something(
    bench: Bench, expression: Expression, said: tuple[str, ...]
) -> None:
    assert empty_cells(expression, bench.sheet) == said


BEST_COLUMN = call("argmax_group", call("named", call("mean", BILL), x="bill_length_mm"))


@pytest.mark.parametrize(
    ("expression", "ending"),
    [
        (BEST_COLUMN, "Answer with the name of the column."),
        (call("argmax_group", PER_SEX), "Answer with the value as it stands in the table."),
        (
            call("peak_period", call("series_count", TABLE, by="sex", unit="month")),
            "Answer with the month, written YYYY-MM.",
        ),
        (
            call("rise_period", call("fill_periods", call("series_count", TABLE, by="sex",
             unit="day"))),
            "Answer with the day, written YYYY-MM-DD.",
        ),
        (
            call("argmax_group", call("part_count", TABLE, by="sex", part="weekday")),
            "Answer with the English name of the weekday.",
        ),
        (
            call("argmin_group", call("part_count", TABLE, by="sex", part="month_name")),
            "Answer with the English name of the month.",
        ),
        (call("gap_end", TABLE, by="sex"), "Answer with the day, written YYYY-MM-DD."),
        (
            call("choose_label", call("is_above", call("count", TABLE), limit=2), BEST_COLUMN,
             call("mode", call("labels", TABLE, column="sex"))),
            "Answer with the value as it stands in the table.",
        ),
    ],
)  # fmt: skip
def test_a_text_is_asked_for_as_what_it_is(
    bench: Bench, expression: Expression, ending: str
) -> None:
    prompt = prompt_of(
        "which is it", expression, bench.sheet, statement="", spec=AnswerSpec(kind="string")
    )
    assert prompt.endswith((f"? {ending}", f"out. {ending}"))


def test_a_list_of_what_is_no_cell_is_only_a_list(bench: Bench) -> None:
    busiest = call("top_groups", call("part_count", TABLE, by="sex", part="weekday"), n=2)
    spec = AnswerSpec(kind="list", item=AnswerSpec(kind="string"))
    prompt = prompt_of("which are they", busiest, bench.sheet, statement="", spec=spec)
    assert prompt.endswith("Answer with a JSON list of the English names of the weekdays.")


NO_ROWS = "Leave periods without rows out."


def per(op: str, unit: str, rows: Expression = MALE, **parameters: str) -> Expression:
    return call(op, rows, by="year", unit=unit, **parameters)


MASSES = per("series_mean", "month", column="body_mass_g")


@pytest.mark.parametrize(
    ("series", "reader", "said"),
    [
        (MASSES, "largest_rise", True),
        (MASSES, "rises", True),
        (MASSES, "peak_period", False),
        (per("series_count", "month"), "largest_rise", False),
        (per("series_count", "value"), "periods_mean", True),
        (per("series_count", "year"), "low_period", True),
        (per("series_count", "year"), "peak_period", False),
        (per("series_mean", "value", TABLE, column="body_mass_g"), "largest_rise", False),
    ],
)
def test_periods_without_rows_are_spoken_of_where_no_convention_can_tell(
    bench: Bench, series: Expression, reader: str, *, said: bool
) -> None:
    """Of months and days with counts or sums the axis "periods" tells whether they matter, and the
    three years of the table have no gap."""
    assert (NO_ROWS in empty_cells(call(reader, series), bench.sheet)) is said


def test_a_prompt_of_more_than_700_characters_is_too_long(bench: Bench) -> None:
    spec = AnswerSpec(kind="string")
    rest = len(prompt_of("", BEST_COLUMN, bench.sheet, statement="", spec=spec))
    fits = "x" * (MAX_PROMPT - rest)
    assert len(prompt_of(fits, BEST_COLUMN, bench.sheet, statement="", spec=spec)) == 700
    with pytest.raises(Rejected, match="^too_long: 701 characters, at most 700$"):
        prompt_of(f"{fits}x", BEST_COLUMN, bench.sheet, statement="", spec=spec)


def total_of(count: int) -> Expression:
    """A sum of so many numbers that each need a sentence of their own."""
    total = call("count", MALE)
    for value in range(count - 1):
        light = call("filter_less", TABLE, column="body_mass_g", value=value)
        total = call("difference", total, call("count", light))
    return total


def test_a_program_of_more_than_four_steps_is_too_long() -> None:
    check_steps(total_of(3))
    with pytest.raises(Rejected, match="^too_long: 5 steps to name, at most 4$"):
        check_steps(total_of(4))
