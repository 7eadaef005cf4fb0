"""Which columns may be measured, grouped by, named and dated."""

from __future__ import annotations

import pytest

from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.role import roles_of


@pytest.mark.parametrize(
    ("table", "role", "names"),
    [
        ("penguins", "groups", ["species", "island", "sex", "year"]),
        ("penguins", "sparse", ["bill_length_mm", "bill_depth_mm"]),
        ("state_crime", "keys", ["state"]),
        ("seattle_weather", "dates", ["date"]),
        ("seattle_weather", "groups", ["weather"]),
        ("grunfeld", "measures", ["invest", "value", "capital"]),
        ("auto_mpg", "groups", ["cyl", "yr", "origin"]),
    ],
)
def test_roles_of_embedded_tables(table: str, role: str, names: list[str]) -> None:
    roles = roles_of(embedded_sheet(embedded_named(table)))
    found = [column.name for column in getattr(roles, role)]
    assert found[: len(names)] == names


def test_identifiers_calendar_and_coordinates_are_never_measured() -> None:
    rows = "\n".join(f"{n},{1950 + n},{n / 7},{n * n}" for n in range(1, 21))
    sheet = parse_sheet(f"row,year,latitude,area\n{rows}\n".encode(), name="t", where="t.csv")
    assert [column.name for column in roles_of(sheet).measures] == ["area"]


def test_labels_that_differ_only_in_case_are_no_groups() -> None:
    sheet = parse_sheet(b"g,x\n" + b"a,1\nA,2\n" * 6, name="t", where="t.csv")
    assert [column.name for column in roles_of(sheet).groups] == ["x"]


@pytest.mark.parametrize("text", ['say "a"', "a</answer>", "<reasoning>"])
def test_texts_that_a_prompt_or_trace_cannot_hold_are_no_groups_and_no_keys(text: str) -> None:
    cells = "".join(f'"{cell}","{n} {cell}",{n}\n' for n in range(6)
                    for cell in ("a", text.replace('"', '""')))  # fmt: skip
    sheet = parse_sheet(f"g,k,x\n{cells}".encode(), name="t", where="t.csv")
    roles = roles_of(sheet)
    assert [column.name for column in (*roles.groups, *roles.keys)] == []


def test_columns_whose_name_holds_a_tag_have_no_role() -> None:
    rows = "\n".join(f"{n},{n * n}" for n in range(2, 22))
    sheet = parse_sheet(f"a<answer>,b\n{rows}\n".encode(), name="t", where="t.csv")
    assert [column.name for column in roles_of(sheet).measures] == ["b"]


def test_quantities_beyond_exact_arithmetic_are_never_measured() -> None:
    rows = "\n".join(f"{n}.5,{n}e27" for n in range(1, 21))
    sheet = parse_sheet(f"a,b\n{rows}\n".encode(), name="t", where="t.csv")
    assert [column.name for column in roles_of(sheet).measures] == ["a"]


def test_numbered_labels_are_grouped_by_and_never_measured() -> None:
    rows = "\n".join(f"{n % 15},{n % 15},{n * n}" for n in range(90))
    sheet = parse_sheet(f"cluster,wide,area\n{rows}\n".encode(), name="t", where="t.csv")
    assert [column.name for column in roles_of(sheet).groups] == ["cluster"]
    assert [column.name for column in roles_of(sheet).measures] == ["wide", "area"]


def test_amounts_are_added_up_and_scales_only_ordered() -> None:
    rows = "\n".join(f"{n % 11},{n}.5,{1990 + n},{n * 7 % 40 / 8},{n - 9}" for n in range(44))
    header = "sales,price,year,lat,temp_max"
    roles = roles_of(parse_sheet(f"{header}\n{rows}\n".encode(), name="t", where="t.csv"))
    assert [column.name for column in roles.additive] == ["sales"]
    assert [column.name for column in roles.proportional] == ["sales", "price"]
    assert [column.name for column in roles.scales] == ["year", "lat"]


def test_times_taken_are_measured() -> None:
    rows = "\n".join(f"{9 + n / 7:.2f},{n * 97 % 24}" for n in range(44))
    sheet = parse_sheet(f"Time,dep_time\n{rows}\n".encode(), name="t", where="t.csv")
    assert [column.name for column in roles_of(sheet).measures] == ["Time"]


def test_columns_of_many_recurring_values_are_classes() -> None:
    rows = "\n".join(f"c{n % 40},{1900 + n % 40},{n}" for n in range(480))
    sheet = parse_sheet(f"country,year,note\n{rows}\n".encode(), name="t", where="t.csv")
    roles = roles_of(sheet)
    assert [column.name for column in roles.classes] == ["country", "year"]
    assert roles.groups == ()
