"""What has few questions, and why."""

from __future__ import annotations

from tracemill_datagen.program.catalogue import OPERATORS
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.gap import gaps
from tracemill_datagen.question.tally import Tally
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.template.catalogue import TEMPLATES

NOTHING = Tally(questions=0, by={n: {} for n in ("family", "operator", "answer", "difficulty")})


def test_without_questions_everything_is_a_gap_with_its_reason(bench: Bench) -> None:
    told: list[tuple[int, int]] = []
    found = gaps(NOTHING, [bench.sheet], few=1, tell=lambda *said: told.append(said))
    assert [g.name for g in found if g.of == "family"] == [t.name for t in TEMPLATES]
    assert [g.name for g in found if g.of == "operator"] == [o.name for o in OPERATORS]
    assert all(gap.why and gap.questions == 0 for gap in found)
    why = {gap.name: gap.why for gap in found}
    assert why["mean_of_column"].startswith("1 of 1 tables give some: ask for more")
    assert told == [(1, 1)]


def test_a_table_without_the_columns_is_named_as_the_reason() -> None:
    names = parse_sheet(b"name\nann\nbob\ncy\n", name="names", where="names.csv")
    why = {gap.name: gap.why for gap in gaps(NOTHING, [names], few=1)}
    assert why["correlation_of_columns"] == "none of 1 tables has the columns for it"
    assert why["correlation"] == "0 of 1 tables have the columns for it"


def test_reasons_of_items_that_are_not_kept_are_counted() -> None:
    rows = "".join(f"{n},{'ab'[n % 2]},5\n" for n in range(9))
    sheet = parse_sheet(f"n,kind,x\n{rows}".encode(), name="flat", where="flat.csv")
    why = {gap.name: gap.why for gap in gaps(NOTHING, [sheet], few=1)}
    assert any("not kept: " in each for each in why.values())


def test_what_has_enough_is_no_gap() -> None:
    by = {
        "family": {template.name: 5 for template in TEMPLATES},
        "operator": {operator.name: 4 for operator in OPERATORS},
        "answer": {"integer": 9, "number": 5},
        "difficulty": {" 2 to  4": 1, " 6 to  8": 9},
    }
    found = gaps(Tally(questions=99, by=by), [], few=5)
    assert {gap.of for gap in found} == {"operator", "answer", "difficulty"}
    assert not {"integer", "number"} & {gap.name for gap in found}
    bands = {gap.name: gap.questions for gap in found if gap.of == "difficulty"}
    assert bands == {" 0 to  2": 0, " 2 to  4": 1, " 4 to  6": 0}
