"""Prompts and answer specs."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.prompt import prompt_of, spec_of, unit_of_answer
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
