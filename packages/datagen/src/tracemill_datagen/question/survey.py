"""A survey of tables: what their grammars' first items give, and why the others give nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.grammar.coverage import (
    SURVEYED,
    Reached,
    TableClass,
    class_of,
    count_in,
)
from tracemill_datagen.program.grammar.grammar import Grammar
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.procedural import check_program
from tracemill_datagen.table.sheet import Sheet

MakeGrammar = Callable[[Bench], Grammar]


def survey(
    sheets: Sequence[Sheet],
    *,
    items: int = SURVEYED,
    seed: int = 0,
    grammar: MakeGrammar = lambda bench: bench.grammar,
    progress: Callable[[str, int, int, str], None] = lambda *_: None,
) -> dict[TableClass, Reached]:
    """Check the first items of some tables' grammars.

    Args:
        sheets: The tables.
        items: Items of each table; a table that holds fewer gives what it has.
        seed: Seed of the items' order.
        grammar: Gives a table's programs, by default all of them.
        progress: Called after each table with (label, done, total, note).

    Returns:
        What the tables of each class reached; classes without a table are left out.
    """
    found: dict[TableClass, Reached] = {}
    for index, sheet in enumerate(sheets):
        with Bench(sheet) as bench:
            reached = found.setdefault(class_of(sheet, bench.roles), Reached())
            reached.tables += 1
            reached.usable |= bench.grammar.literals.usable
            _count(reached, bench, grammar(bench), items=items, seed=seed)
        progress("coverage", index + 1, len(sheets), sheet.name)
    return found


def _count(reached: Reached, bench: Bench, grammar: Grammar, *, items: int, seed: int) -> None:
    table, seen = bench.sheet.digest, set[str]()
    for item in range(min(items, grammar.items)):
        program = grammar.program(item, seed=seed, table=table)
        if program is None:
            reached.rejected["used_up"] += 1
        elif program.canonical in seen:
            reached.rejected["duplicate"] += 1
        else:
            seen.add(program.canonical)
            try:
                check_program(program, bench)
            except Rejected as rejection:
                reached.rejected[rejection.reason] += 1
            else:
                count_in(reached, bench.sheet.name, program)
