"""The second engine as such, and its agreement with the first on all embedded tables."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.engine import sqlite as module
from tracemill_datagen.program.engine.sqlite import SqlEngine, statement
from tracemill_datagen.program.operator import SqlScope
from tracemill_datagen.question.bench import Bench, decimals_for
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet, embedded_tables
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet


def test_values_are_bound_and_never_part_of_the_text(zoo: Sheet) -> None:
    scope = SqlScope(zoo)
    rows = call("filter_equal", TABLE, column="kind", value="x' OR 1 --")
    assert (
        statement(call("count", rows), scope) == "(SELECT COUNT(*) FROM t WHERE (1) AND c1 = :p0)"
    )
    with SqlEngine(zoo) as sql:
        assert sql.value(call("count", rows)) == 0


def test_nothing_is_refused_by_name(zoo: Sheet) -> None:
    none = call("filter_equal", TABLE, column="name", value="jay")
    with SqlEngine(zoo) as sql, pytest.raises(Rejected, match="^no_value: mean$"):
        sql.value(call("mean", call("column", none, column="mass")))


def test_an_integer_sum_beyond_64_bits_is_refused_by_name() -> None:
    rows = "999999999999999\n" * 10_000
    sheet = parse_sheet(f"x\n{rows}".encode(), name="t", where="t.csv")
    with SqlEngine(sheet) as sql, pytest.raises(Rejected, match="^sql_overflow: sum$"):
        sql.value(call("sum", call("column", TABLE, column="x")))


@pytest.mark.parametrize("name", [table.name for table in embedded_tables()])
def test_engines_never_disagree_on_drawn_programs(name: str) -> None:
    confirmed, reasons = 0, list[str]()
    with Bench(embedded_sheet(embedded_named(name))) as bench:
        for item in range(80):
            expression = bench.grammar.program(item, seed=7, table=bench.sheet.digest)
            if expression is None:
                continue
            try:
                decimals = decimals_for(bench.interpreter.value(expression))
                bench.confirmed(expression, decimals)
            except Rejected as rejection:
                reasons.append(str(rejection))
                continue
            confirmed += 1
    assert [reason for reason in reasons if reason.startswith("engines_disagree")] == []
    assert confirmed >= 20


def test_complete_rows_of_the_widest_table() -> None:
    header = ",".join(f"c{n}" for n in range(1000))
    empty, full = "," * 999, ",".join(["1"] * 1000)
    sheet = parse_sheet(f"{header}\n{full}\n{empty}\n{full}\n".encode(), name="t", where="t.csv")
    with SqlEngine(sheet) as sql:
        assert sql.value(call("count", call("complete_rows", TABLE))) == 2


def test_stored_rows_are_dropped_without_changing_values(
    zoo: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_ROWS", 1)
    heavy = call("filter_greater", TABLE, column="mass", value=2)
    with SqlEngine(zoo) as sql, SqlEngine(zoo) as fresh:
        for limit in (6, 7, 8, 6, 7):
            rows = call("filter_less", heavy, column="mass", value=limit)
            top = call("count", call("filter_equal", rows, column="legs", value=4))
            assert sql.value(top) == fresh.value(top)


def test_numbers_inside_a_program_are_evaluated_once(zoo: Sheet) -> None:
    heavy = call("filter_greater", TABLE, column="mass", value=2)
    mean = call("mean", call("column", heavy, column="mass"))
    with SqlEngine(zoo) as sql:
        assert sql.value(call("difference", mean, mean)) == 0
        assert sql.value(mean) == pytest.approx(5.5625)


def test_a_deep_program_does_not_overflow_the_parser(zoo: Sheet) -> None:
    rows, number = TABLE, call("count", TABLE)
    for step in range(40):
        rows = call("filter_above", rows, number, column="mass")
        number = call("min", call("column", TABLE, column="mass"))
        rows = call("filter_less", rows, column="mass", value=100 + step)
    with SqlEngine(zoo) as sql:
        assert sql.value(call("count", rows)) == 0


def test_conditions_give_the_same_written_out_or_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sheet = embedded_sheet(embedded_named(embedded_tables()[0].name))
    values = []
    for small in (module.SMALL_TABLE, 0):
        monkeypatch.setattr(module, "SMALL_TABLE", small)
        with Bench(sheet) as bench, SqlEngine(sheet) as sql:
            found: list[object] = []
            for item in range(60):
                expression = bench.grammar.program(item, seed=5, table=sheet.digest)
                if expression is None:
                    continue
                try:
                    found.append(sql.value(expression))
                except Rejected as rejection:
                    found.append(rejection.reason)
            stored = len(sql._kept)
        values.append((found, stored))
    (small_found, few), (large_found, many) = values
    assert small_found == large_found
    assert few < many
