"""What the grammar must reach, and what it does reach: counted over tables, held to floors.

A survey goes through the first items of some tables' grammars, checks each program as a question's
program is checked, and counts what passes by class of table. ``matrix`` holds the counts to the
floors and lists each intended property with the counter or the test that shows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.grammar.production import FREE
from tracemill_datagen.program.operator import Operator
from tracemill_datagen.program.operators import (
    aggregate,
    columnwise,
    condition,
    contingency,
    crosstab,
    decision,
    discovery,
    distribution,
    empty,
    gap,
    group,
    group_shape,
    lookup,
    nonparametric,
    outlier,
    period,
    rank,
    regression,
    relation,
    scalar,
    select,
    series,
    significance,
    spread,
)
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet

TableClass = Literal["small", "wide", "mixed", "date"]
CLASSES: tuple[TableClass, ...] = ("small", "wide", "mixed", "date")

SMALL_ROWS = 150
WIDE_COLUMNS = 12

FAMILIES: Mapping[str, tuple[Operator, ...]] = {
    "select": select.OPERATORS,
    "condition": condition.OPERATORS,
    "rank": rank.OPERATORS,
    "outlier": outlier.OPERATORS,
    "empty": empty.OPERATORS,
    "aggregate": aggregate.OPERATORS,
    "spread": spread.OPERATORS,
    "group": group.OPERATORS,
    "group_shape": group_shape.OPERATORS,
    "crosstab": crosstab.OPERATORS,
    "relation": relation.OPERATORS,
    "regression": regression.OPERATORS,
    "contingency": contingency.OPERATORS,
    "distribution": distribution.OPERATORS,
    "lookup": lookup.OPERATORS,
    "period": period.OPERATORS,
    "series": series.OPERATORS,
    "gap": gap.OPERATORS,
    "scalar": scalar.OPERATORS,
    "decision": decision.OPERATORS,
    "significance": significance.OPERATORS,
    "nonparametric": nonparametric.OPERATORS,
    "columnwise": columnwise.OPERATORS,
    "discovery": discovery.OPERATORS,
}
"""Every operator by the file that it stands in."""

TEMPLATES_ONLY = frozenset({"significance", "nonparametric", "columnwise"})
"""Families that only templates use: they compare two named columns or choose what to compare, which
the grammar does not put together blindly."""

DEEP = 4
LONG = 8
"""Operators from which a program counts as a long chain; at most 12."""


@dataclass(frozen=True, kw_only=True)
class Floor:
    """What the tables of one class must reach together, each figure of distinct programs.

    Attributes:
        programs: Programs that pass all checks, a table on average.
        operators: Different operators in them, over all tables of the class.
        deep: Programs of depth 4 to 8, a table on average.
        long: Programs of 8 to 12 operators, over all tables of the class.
        decisions: Programs in which a computed condition selects a branch, a table on average.
    """

    programs: int
    operators: int
    deep: int
    long: int
    decisions: int


FLOORS: Mapping[TableClass, Floor] = {
    "small": Floor(programs=60, operators=45, deep=15, long=2, decisions=3),
    "wide": Floor(programs=90, operators=45, deep=30, long=2, decisions=2),
    "mixed": Floor(programs=90, operators=60, deep=30, long=3, decisions=3),
    "date": Floor(programs=90, operators=60, deep=30, long=3, decisions=3),
}
"""Floors for ``SURVEYED`` items a table, at about half of what 42 shared tables reach, so that a
loss shows and chance does not. They reach a table: programs 126, 191, 191 and 182; deep 36, 62, 68
and 63; decisions 8, 5, 9 and 8; operators in all 90, 92, 115 and 121."""

SURVEYED = 500
"""Items of each table that a survey goes through."""

FEWEST_OPERATORS = 50


@dataclass(kw_only=True)
class Reached:
    """What the tables of one class reached.

    Attributes:
        tables: How many tables there are.
        programs: Distinct programs that passed, by table.
        deep: Those of depth 4 to 8, by table.
        decisions: Those with a decision, by table.
        long: Those of 8 to 12 operators.
        operators: How often each operator stands in a program that passed.
        rejected: Why the others did not pass.
        usable: Operators of the catalogue that have literals on some of the tables.
    """

    tables: int = 0
    usable: set[str] = field(default_factory=set)
    programs: Counter[str] = field(default_factory=Counter)
    deep: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    long: int = 0
    operators: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One requirement of the matrix.

    Attributes:
        property: What is intended.
        shown_by: The counter, or the test as ``file::function``.
        wanted: At least this; nothing for a test.
        got: What was counted; nothing for a test.
        met: Whether it is met; True for a test, which shows it by itself.
    """

    property: str
    shown_by: str
    wanted: int | None = None
    got: int | None = None
    met: bool = True


SHOWN_BY_TESTS: tuple[tuple[str, str], ...] = (
    ("no two programs of a table are the same",
     "grammar/test_grammar.py::test_a_small_grammar_is_counted_exactly_and_visited_once"),
    ("filters in any order, twice, or implied are one program",
     "test_draft.py::test_a_filter_that_another_implies_is_no_other_program"),
    ("operands that commute have one form",
     "test_draft.py::test_operands_that_may_be_exchanged_have_no_order"),
    ("a decision turned round is one program",
     "test_draft.py::test_a_decision_that_is_turned_round_is_no_other_program"),
    ("an item does not depend on the others",
     "grammar/test_grammar.py::test_an_item_does_not_depend_on_the_others"),
    ("nothing is used before it is defined and every node reaches the answer",
     "grammar/test_coverage.py::test_every_node_is_defined_before_use_and_reaches_the_answer"),
    ("dropping a selection changes the answer",
     "engine/test_ablation.py::test_selection_must_matter_and_leave_rows"),
    ("dropping any other operator changes the answer",
     "engine/test_ablation.py::test_an_operator_that_changes_nothing_is_dead"),
    ("changing a column that is read changes the answer",
     "engine/test_altered.py::test_a_column_that_decides_nothing_is_named"),
    ("the other branch of a decision changes the answer",
     "engine/test_ablation.py::test_branches_of_one_answer_are_a_dead_decision"),
    ("a condition can turn out the other way",
     "engine/test_altered.py::test_a_condition_that_cannot_turn_is_refused"),
)  # fmt: skip
"""Properties that a test shows, with the test; ``tests/program/grammar/test_coverage.py`` checks
that each of these tests is there."""


def class_of(sheet: Sheet, roles: Roles) -> TableClass:
    """Return a table's class: with dates, else wide, else small, else mixed."""
    if roles.dates:
        return "date"
    if len(sheet.columns) >= WIDE_COLUMNS:
        return "wide"
    return "small" if sheet.rows < SMALL_ROWS else "mixed"


def size_of(expression: Expression) -> int:
    """Return how many operators a program has; reading the table or a column does not count."""
    return sum(part.op not in FREE for part in expression.parts())


def count_in(reached: Reached, table: str, expression: Expression) -> None:
    """Count a program that passed all checks."""
    parts = expression.parts()
    reached.programs[table] += 1
    reached.deep[table] += expression.depth >= DEEP
    reached.decisions[table] += any(part.operator.decides for part in parts)
    reached.long += size_of(expression) >= LONG
    reached.operators.update({part.op for part in parts})


def matrix(
    reached: Mapping[TableClass, Reached], *, families: Iterable[str] = FAMILIES
) -> tuple[Line, ...]:
    """Return the requirements with what was reached.

    Args:
        reached: A survey, by class; classes without a table are not held to their floor.
        families: Families that must be reached where some table has literals for them, but for
            those of templates only.
    """
    lines = [
        Line(
            property="typed operators",
            shown_by="operators of the catalogue",
            wanted=FEWEST_OPERATORS,
            got=sum(map(len, FAMILIES.values())),
            met=sum(map(len, FAMILIES.values())) >= FEWEST_OPERATORS,
        )
    ]
    stands = Counter[str]()
    for found in reached.values():
        stands.update(found.operators)
    usable = {name for found in reached.values() for name in found.usable}
    for family in families:
        if family not in TEMPLATES_ONLY and any(op.name in usable for op in FAMILIES[family]):
            got = sum(stands[operator.name] > 0 for operator in FAMILIES[family])
            lines.append(_held(f"family {family}", "its operators in programs", 1, got))
    for kind, found in reached.items():
        lines += _floors(kind, found)
    lines += [Line(property=says, shown_by=test) for says, test in SHOWN_BY_TESTS]
    return tuple(lines)


def _floors(kind: TableClass, found: Reached) -> list[Line]:
    floor = FLOORS[kind]
    tables = max(1, found.tables)
    return [
        _held(f"{kind}: programs a table", "programs that pass, mean", floor.programs,
              found.programs.total() // tables),
        _held(f"{kind}: operators", "different operators", floor.operators, len(found.operators)),
        _held(f"{kind}: depth 4 to 8 a table", "deep programs, mean", floor.deep,
              found.deep.total() // tables),
        _held(f"{kind}: 8 to 12 operators", "long programs", floor.long, found.long),
        _held(f"{kind}: decisions a table", "programs that decide, mean", floor.decisions,
              found.decisions.total() // tables),
    ]  # fmt: skip


def _held(says: str, counter: str, wanted: int, got: int) -> Line:
    return Line(property=says, shown_by=counter, wanted=wanted, got=got, met=got >= wanted)


def missed(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the requirements that are not met."""
    return tuple(line for line in lines if not line.met)
