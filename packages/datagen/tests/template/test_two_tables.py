"""Whose columns are whose."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.join import joined, joins
from tracemill_datagen.table.role import roles_of
from tracemill_datagen.template.two_tables import sides


def test_columns_stand_on_the_side_of_their_table() -> None:
    flights, planes = (embedded_sheet(embedded_named(n)) for n in ("nyc_flights", "nyc_planes"))
    (join,) = joins([flights, planes])
    sheet = joined(join)
    left, right = sides(sheet, roles_of(sheet))
    assert "arr_delay" in {column.name for column in left.measures}
    assert "seats" in {column.name for column in right.measures}
    assert {column.name for column in right.groups} <= set(planes.positions)
    assert {c.name for c in left.measures} & {c.name for c in right.measures} == set()


def test_one_table_has_no_sides() -> None:
    sheet = embedded_sheet(embedded_named("penguins"))
    with pytest.raises(Rejected, match="not_applicable"):
        sides(sheet, roles_of(sheet))
