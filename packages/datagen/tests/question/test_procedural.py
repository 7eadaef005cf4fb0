"""Questions out of the grammar."""

from __future__ import annotations

from collections import Counter

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.wording.parsing import parse
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.procedural import check_program, parameters_of, propose, shape_of
from tracemill_datagen.table.reader import parse_sheet

MALES = call("filter_equal", TABLE, column="sex", value="male")
MASS = "body_mass_g"


def mean(rows: Expression) -> Expression:
    return call("mean", call("column", rows, column=MASS))


def chosen(flag: Expression) -> Expression:
    return call("choose_number", flag, mean(MALES), mean(TABLE))


@pytest.mark.parametrize(
    "expression",
    [
        mean(MALES),
        call("difference", mean(MALES), mean(call("filter_equal", TABLE, column="sex",
                                                  value="female"))),
        chosen(call("is_above", mean(TABLE), limit=4500)),
    ],
)  # fmt: skip
def test_programs_that_mean_what_they_say_pass(bench: Bench, expression: Expression) -> None:
    check_program(expression, bench)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (mean(call("not_null", TABLE, column=MASS)), "dead_filter: not_null"),
        (call("groups_max", call("group_count", MALES, by="sex")), "decided_by_filter: sex"),
        (call("count", call("top_rows", TABLE, column="bill_depth_mm", n=3)), "tie|insensitive"),
        (chosen(call("is_above", call("std", call("column", TABLE, column=MASS), ddof=1), limit=0)),
         "constant_condition: is_above"),
    ],
)  # fmt: skip
def test_programs_that_say_more_than_they_mean_are_refused(
    bench: Bench, expression: Expression, reason: str
) -> None:
    with pytest.raises(Rejected, match=f"^({reason})"):
        check_program(expression, bench)


def test_an_item_is_a_program_with_its_words(bench: Bench) -> None:
    found, reasons = 0, Counter[str]()
    for item in range(60):
        try:
            family, proposal = propose(bench, 0, item)
        except Rejected as rejection:
            reasons[rejection.reason] += 1
            continue
        found += 1
        expression = proposal.readings[0].expression
        assert family == shape_of(expression)
        assert parse(proposal.sentence, bench.sheet).canonical == expression.canonical
    assert found >= 10
    assert "engines_disagree" not in reasons


def test_an_item_beyond_a_shapes_bindings_is_used_up() -> None:
    rows = "".join(f"{n}.5,{n % 3},{n % 2}\n" for n in range(40))
    sheet = parse_sheet(f"x,g,h\n{rows}".encode(), name="t", where="t.csv")
    with Bench(sheet) as small:
        programs = (small.grammar.program(n, seed=0, table=sheet.digest) for n in range(10**6))
        empty = next(n for n, program in enumerate(programs) if program is None)
        with pytest.raises(Rejected, match="^used_up: all bindings of the shape have come before$"):
            propose(small, 0, empty)


def test_names_of_shapes_and_parameters() -> None:
    rows = call("filter_equal", TABLE, column="sex", value="male")
    mean = call("mean", call("column", rows, column="body_mass_g"))
    assert shape_of(mean) == "mean-filter_equal"
    assert parameters_of(mean) == {"column": "sex", "value": "male", "column_2": "body_mass_g"}
