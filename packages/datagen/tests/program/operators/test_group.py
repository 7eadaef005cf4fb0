"""Groups, in both engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, Groups
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.table.sheet import Sheet


def groups(name: str) -> Expression:
    return call(f"group_{name}", TABLE, by="kind", column="mass")


COUNTS = call("group_count", call("not_null", TABLE, column="mass"), by="kind")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("mean", {"beast": 6.0, "bird": 3.0, "bug": 1.5, "fish": 6.0}),
        ("sum", {"beast": 18.0, "bird": 3.0, "bug": 4.5, "fish": 12.0}),
        ("median", {"beast": 6.0, "bird": 3.0, "bug": 1.5, "fish": 6.0}),
        ("max", {"beast": 8.0, "bird": 3.0, "bug": 2.5, "fish": 7.0}),
        ("min", {"beast": 4.0, "bird": 3.0, "bug": 0.5, "fish": 5.0}),
    ],
)
def test_groups_leave_empty_cells_out(zoo: Sheet, name: str, values: dict[str, float]) -> None:
    assert Interpreter(zoo).value(groups(name)) == Groups(values)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (call("argmax_group", groups("sum")), "beast"),
        (call("argmin_group", groups("mean")), "bug"),
        (call("argmin_group", groups("median")), "bug"),
        (call("argmin_group", call("group_sum", TABLE, by="legs", column="mass")), 6),
        (call("top_groups", groups("max"), n=3), ("beast", "fish", "bird")),
        (call("groups_max", groups("median")), 6.0),
        (call("groups_min", groups("min")), 0.5),
        (call("groups_range", groups("mean")), 4.5),
        (call("groups_min", COUNTS), 1),
        (call("top_names", TABLE, key="name", by="mass", n=3), ("emu", "ox", "eel")),
    ],
)
def test_choice_among_groups(
    both: Callable[[Expression], Datum], expression: Expression, value: Datum
) -> None:
    assert both(expression) == value


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (call("argmax_group", groups("mean")), "tie: (beast and fish|fish and beast)"),
        (call("top_groups", groups("max"), n=5), "too_few_groups: 4 groups, asked for 5"),
        (call("top_names", TABLE, key="name", by="legs", n=3), "tie: ant and bee"),
        (
            call(
                "groups_max",
                call(
                    "group_count",
                    call("filter_equal", TABLE, column="kind", value="bug"),
                    by="kind",
                ),
            ),
            "one_group: nothing to compare",
        ),
        (
            call(
                "groups_max",
                call("group_mean", TABLE, by="name", column="mass"),
            ),
            "group_without_values: jay",
        ),
    ],
)
def test_choice_that_is_not_settled_is_refused_by_name(
    both: Callable[[Expression], Datum], expression: Expression, reason: str
) -> None:
    with pytest.raises(Rejected, match=f"^{reason}$"):
        both(expression)
