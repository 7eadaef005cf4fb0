"""Dates as people write them."""

from __future__ import annotations

import pytest

from tracemill_datagen.table.moment import dated


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["2012/05/01", "2012/5/2"], {"year/month/day": ["2012-05-01", "2012-05-02"]}),
        (["01.05.2012", "31.12.2012"], {"day.month.year": ["2012-05-01", "2012-12-31"]}),
        (["5/1/2012", "5/13/2012"], {"month/day/year": ["2012-05-01", "2012-05-13"]}),
        (["5/1/2012", "13/5/2012"], {"day/month/year": ["2012-01-05", "2012-05-13"]}),
        (["05-13-2012"], {"month-day-year": ["2012-05-13"]}),
        (
            ["5/1/2012"],
            {"month/day/year": ["2012-05-01"], "day/month/year": ["2012-01-05"]},
        ),
        (["5/13/2012", "13/5/2012"], {}),
        (["2012/05/01 9:30"], {"year/month/day": ["2012-05-01T09:30"]}),
        (["31.12.2012 23:59:59"], {"day.month.year": ["2012-12-31T23:59:59"]}),
        (["2012/05/01", "2012/05/01 09:30"], {}),
        (["30.02.2012"], {}),
        (["2012/05/01 24:00"], {}),
        (["1/2/12"], {}),
        (["May 1, 2012"], {}),
        (["5/13/2012 9:30 PM"], {}),
    ],
)
def test_every_form_that_reads_all_cells_is_found(
    texts: list[str], found: dict[str, list[str]]
) -> None:
    assert {says: [*values.values()] for says, values in dated(texts)} == found
