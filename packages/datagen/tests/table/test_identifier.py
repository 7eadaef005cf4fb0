"""Which columns identify, decided by hand for every shared table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tracemill_datagen.table.identifier import RULES, identified_by
from tracemill_datagen.table.reader import read_sheet
from tracemill_datagen.table.role import roles_of
from tracemill_datagen.table.sheet import Cell

HEX = [f"58fa3f0be4b0b7ea{number:08x}" for number in range(12)]
UUIDS = ["58fa3f0b-e4b0-b7ea-5452-485900000000", "58fa3f0b-e4b0-b7ea-5452-48590000000a"] * 2
WITH_GAPS = [number + number // 3 for number in range(20)]


@pytest.mark.parametrize(
    ("name", "values", "rule"),
    [
        ("AirlineID", [19805, 19805, 20355], "its name"),
        ("order no", [5, 9, 9], "its name"),
        ("Number", [5, 9, 9], None),
        ("flight", [11, 15, 11], "its name"),
        ("flights", [11, 15, 11], None),
        ("year_code", [1, 2, 9], None),
        ("zip_code", ["00501", "10001", "94110"], "its name"),
        ("key", ["a", "b"], None),
        ("row", [3, 4, 5, 6, 7], "steps of one from row to row"),
        ("row", [7, 6, 5, 4, 3], "steps of one from row to row"),
        ("row", [3, 4, 5, 6], None),
        ("year", list(range(1990, 2010)), None),
        ("rank", [4, 2, 1, 3, 5, 6, 7, 10, 9, 8], "every number of a range once"),
        ("rank", [4, 2, 1, 3, 5, 6, 7, 10, 9, 11], None),
        ("counter", WITH_GAPS, "a counter with gaps"),
        ("counter", WITH_GAPS[:19], None),
        ("counter", [*WITH_GAPS[1:], 0], None),
        ("income", [number * 7 for number in range(20)], None),
        ("item", HEX[:3] * 2, "hexadecimal keys"),
        ("item", UUIDS, "hexadecimal keys"),
        ("county", ["001", "003", "005"] * 2, "digits that are no number"),
        ("county", ["001", "003"] * 2, None),
        ("plane", [f"N{number}AA" for number in range(10)], "near-unique codes"),
        ("plane", [f"N{number}AA" for number in range(9)], None),
        ("plane", [f"N{number} AA" for number in range(10)], None),
        ("airport", [f"K{letter}B" for letter in "ABCDEFGHIJ"], "short codes of one length"),
        ("airport", [f"K{letter}B" for letter in "ABCDEFGHIK"] * 2, None),
        ("name", [f"Mr {letter}" for letter in "ABCDEFGHIJ"], None),
        ("when", [f"{year}Q{quarter}" for year in (1974, 1975, 1976) for quarter in (1, 2, 3, 4)],
         None),
        ("id", [None, None], None),
    ],
)  # fmt: skip
def test_first_rule_that_holds(name: str, values: list[Cell], rule: str | None) -> None:
    assert identified_by(name, values) == rule


def test_every_rule_is_named_once() -> None:
    names = [name for name, _ in RULES]
    assert len(set(names)) == len(names)


NONE: frozenset[str] = frozenset()
DECIDED: Mapping[str, frozenset[str]] = {
    "bokeh_CGM": NONE,
    "bokeh_airports": frozenset({"AirportID", "IATA", "ICAO"}),
    "bokeh_auto-mpg": NONE,
    "bokeh_cows": NONE,
    "bokeh_cycling": NONE,
    "bokeh_elements": frozenset({"atomic number"}),
    "bokeh_emissions": NONE,
    "bokeh_forensic_glass": NONE,
    "bokeh_gapminder": NONE,
    "bokeh_lincoln_weather": NONE,  # STATION holds one code only
    "bokeh_numberly": NONE,
    "bokeh_obiszow_mtb_xcm": NONE,
    "bokeh_percent-bachelors-degrees-women-usa": NONE,
    "bokeh_population": frozenset({"LocID"}),
    "bokeh_probly": NONE,
    "bokeh_routes": frozenset({"AirlineID", "SourceID", "DestinationID"}),
    "bokeh_sprint": NONE,
    "bokeh_stocks": NONE,
    "bokeh_titanic_all": NONE,
    "bokeh_unemployment1948": NONE,
    "bokeh_us_marriages_divorces": NONE,
    "bokeh_world_cities": NONE,
    "nyc_airports": frozenset({"faa"}),
    "nyc_flights": frozenset({"flight", "tailnum"}),
    "nyc_planes": frozenset({"tailnum"}),
    "nyc_weather": NONE,
    "penguins": NONE,
    "sm_danish_data": NONE,  # period holds quarters
    "sm_elnino": NONE,
    "sm_grunfeld": NONE,
    "sm_macrodata": NONE,
    "sm_modechoice_TableF18-2": NONE,
    "sm_randhie": NONE,
    "sm_statecrime": NONE,
    "uci_wine": NONE,
    "vega_birdstrikes": NONE,
    "vega_budgets": NONE,
    "vega_co2_concentration": NONE,
    "vega_countries": NONE,
    "vega_flights_airport": NONE,  # codes of airports, each in many rows: groups
    "vega_gapminder": NONE,
    "vega_gapminder_health_income": NONE,
    "vega_iowa_electricity": NONE,
    "vega_london_centroids": NONE,
    "vega_obesity": frozenset({"id", "state"}),  # state holds AL, AK ...
    "vega_political_contributions": frozenset(
        {"Candidate_Identification", "Party_Code", "Candidate_District"}
    ),
    "vega_population_engineers_hurricanes": frozenset({"id"}),
    "vega_seattle_weather": NONE,
    "vega_seattle_weather_hourly_normals": NONE,
    "vega_species": frozenset({"item_id", "gap_species_code", "county_id"}),
    "vega_unemployment_across_industries": NONE,
    "vega_us_employment": NONE,
    "vega_us_state_capitals": NONE,
    "vega_weather": NONE,
    "vega_wheat": NONE,
    "vega_zipcodes": frozenset({"zip_code"}),
}
"""Shared table -> the columns that identify. Left out: bokeh_unemployment09, which has no header.

Decided so: numbers that name a thing (a flight, a district, an element), keys of a table's own rows
and near-unique codes identify. Names (a country, a person), calendar periods and codes that repeat
so often that they are groups (an airline, an origin) do not; as texts they are not measured."""

UNMEASURED: Mapping[str, frozenset[str]] = {
    "bokeh_elements": frozenset({"group", "period"}),
    "nyc_airports": frozenset({"lat", "lon", "tz"}),
    "nyc_flights": frozenset({"year", "month", "day", "dep_time", "hour"}),
    "nyc_weather": frozenset({"wind_dir", "hour"}),
    "vega_gapminder": frozenset({"cluster", "year"}),
    "vega_budgets": frozenset({"budgetYear", "forecastYear"}),
    "bokeh_cycling": frozenset({"position_lat", "position_long"}),
}
"""Shared table -> columns that do not identify and are no quantities either."""


@pytest.mark.needs("shared-tables")
@pytest.mark.parametrize("table", DECIDED)
def test_identifiers_of_a_shared_table_are_those_decided_by_hand(
    table: str, shared_tables: Path
) -> None:
    sheet = read_sheet(shared_tables / f"{table}.csv")
    found = {column.name for column in sheet.columns if column.kind == "identifier"}
    measured = {column.name for column in roles_of(sheet).measures}
    assert found == DECIDED[table]
    assert not measured & (DECIDED[table] | UNMEASURED.get(table, NONE))


@pytest.mark.needs("shared-tables")
def test_every_shared_table_is_decided(shared_tables: Path) -> None:
    files = {path.stem for path in shared_tables.glob("*.csv")}
    assert files - DECIDED.keys() == {"bokeh_unemployment09"}
    assert len(files) == 57
