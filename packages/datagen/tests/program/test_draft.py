"""Expressions, their canonical form and their nodes."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.draft import TABLE, Expression, call, expression_of
from tracemill_schema.errors import RecordError
from tracemill_schema.program import Program

BUGS = call("filter_equal", TABLE, column="kind", value="bug")
HEAVY = call("filter_greater", TABLE, column="mass", value=5)


def both_filters(first: Expression, second: Expression) -> Expression:
    return call("count", second.using(first))


def test_commuting_filters_have_one_canonical_form() -> None:
    assert both_filters(BUGS, HEAVY).canonical == both_filters(HEAVY, BUGS).canonical


def test_a_repeated_filter_is_no_other_program() -> None:
    assert both_filters(BUGS, BUGS).canonical == call("count", BUGS).canonical


@pytest.mark.parametrize(
    "other",
    [
        call("count", HEAVY),
        call("count", call("filter_equal", TABLE, column="kind", value="bird")),
        call("count", call("filter_not_equal", TABLE, column="kind", value="bug")),
        call("group_count", BUGS, by="kind"),
    ],
)
def test_other_programs_have_other_canonical_forms(other: Expression) -> None:
    assert call("count", BUGS).canonical != other.canonical


def test_order_matters_where_it_changes_the_meaning() -> None:
    top = call("top_rows", TABLE, column="mass", n=3)
    assert BUGS.using(top).canonical != top.using(BUGS).canonical


def test_skeleton_forgets_literals_but_not_columns() -> None:
    birds = call("filter_equal", TABLE, column="kind", value="bird")
    tame = call("filter_equal", TABLE, column="tame", value="True")
    assert call("count", BUGS).skeleton == call("count", birds).skeleton
    assert call("count", BUGS).skeleton != call("count", tame).skeleton


def test_nodes_share_equal_parts_and_give_the_expression_back() -> None:
    share = call("share", call("count", BUGS), call("count", TABLE))
    nodes = share.nodes()
    assert [(node.op, node.inputs) for node in nodes] == [
        ("table", ()),
        ("filter_equal", (0,)),
        ("count", (1,)),
        ("count", (0,)),
        ("share", (2, 3)),
    ]
    program = Program(nodes=nodes, result=4, canonical=share.canonical, source=None)
    assert expression_of(program) == share
    assert (share.depth, share.columns) == (3, ("kind",))


def test_wrong_operand_type_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"^mean takes \('numbers',\), got \('rows',\)$"):
        call("mean", TABLE)


def test_near_duplicates_have_one_skeleton() -> None:
    birds = call("filter_equal", TABLE, column="kind", value="bird")
    assert both_filters(BUGS, HEAVY).skeleton == both_filters(HEAVY, birds).skeleton
    assert both_filters(BUGS, BUGS).skeleton == call("count", BUGS).skeleton


@pytest.mark.parametrize("op", ["correlation", "rank_correlation"])
def test_columns_of_a_symmetric_relation_have_no_order(op: str) -> None:
    one, other = call(op, TABLE, x="mass", y="legs"), call(op, TABLE, x="legs", y="mass")
    assert (one.canonical, one.skeleton) == (other.canonical, other.skeleton)
    assert one.skeleton != call(op, TABLE, x="mass", y="age").skeleton


def test_a_filter_that_another_implies_is_no_other_program() -> None:
    light = call("filter_greater", TABLE, column="mass", value=3)
    assert both_filters(light, HEAVY).canonical == call("count", HEAVY).canonical
    assert both_filters(HEAVY, light).canonical == call("count", HEAVY).canonical
    known = call("not_null", TABLE, column="mass")
    assert both_filters(known, HEAVY).canonical == call("count", HEAVY).canonical
    assert both_filters(known, BUGS).canonical != call("count", BUGS).canonical


def test_of_two_parts_that_mean_the_same_one_stands_with_what_it_reads() -> None:
    plain = call("filter_greater", TABLE, column="mass", value=5)
    known = call("not_null", TABLE, column="mass")
    narrowed = call("filter_greater", known, column="mass", value=5)
    assert plain.canonical == narrowed.canonical
    for first, second in ((plain, narrowed), (narrowed, plain)):
        sides = (call("count", first), call("mean", call("column", second, column="mass")))
        whole = call("difference", *sides)
        places = [part.canonical for part in whole.parts()]
        assert len(set(places)) == len(places)
        for part in whole.parts():
            assert all(operand.canonical in places for operand in part.inputs)
        for index, node in enumerate(whole.nodes()):
            assert all(below < index for below in node.inputs)
        read = {below for node in whole.nodes() for below in node.inputs}
        assert read == set(range(len(places) - 1)), "no part that nobody reads"


def test_operands_that_may_be_exchanged_have_no_order() -> None:
    bugs = call("mode", call("labels", BUGS, column="legs"))
    heavy = call("mode", call("labels", HEAVY, column="legs"))
    assert call("is_same", bugs, heavy).canonical == call("is_same", heavy, bugs).canonical
    counts = (call("count", BUGS), call("count", HEAVY))
    forth, back = call("is_greater", *counts), call("is_greater", *counts[::-1])
    assert forth.canonical != back.canonical


def test_a_decision_that_is_turned_round_is_no_other_program() -> None:
    bugs, heavy = call("count", BUGS), call("count", HEAVY)
    forth, back = call("is_greater", bugs, heavy), call("is_greater", heavy, bugs)
    chosen = call("choose_number", forth, bugs, heavy)
    assert chosen.canonical == call("choose_number", back, heavy, bugs).canonical
    assert chosen.canonical != call("choose_number", back, bugs, heavy).canonical
    above, below = (call(op, bugs, limit=4) for op in ("is_above", "is_below"))
    assert (
        call("choose_number", above, bugs, heavy).canonical
        == call("choose_number", below, heavy, bugs).canonical
    )


def test_operators_and_keys_are_those_of_the_whole_program() -> None:
    program = call("count", HEAVY.using(BUGS))
    assert program.operators == {"count", "filter_greater", "filter_equal", "table"}
    assert program.keys == {"column", "value"}
    assert both_filters(BUGS, BUGS).operators == {"count", "filter_equal", "table"}


def test_whole_numbers_and_floats_are_other_literals_in_form_and_nodes() -> None:
    whole = call("count", call("filter_greater", TABLE, column="mass", value=5))
    point = call("count", call("filter_greater", TABLE, column="mass", value=5.0))
    assert whole.canonical != point.canonical
    values = [program.nodes()[1].parameters["value"] for program in (whole, point)]
    assert [type(value) for value in values] == [int, float]


def test_a_literal_that_is_no_finite_number_has_no_canonical_form() -> None:
    with pytest.raises(RecordError, match="a finite number"):
        _ = call("filter_greater", TABLE, column="mass", value=float("nan")).canonical
    said = call("filter_equal", TABLE, column="kind", value="null").canonical
    assert said == 'table().filter_equal({"column":"kind","value":"null"})'
