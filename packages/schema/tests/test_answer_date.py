from __future__ import annotations

import datetime

import pytest

from tracemill_schema.answer_date import read_date


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-09", "2024/3/9", " 2024.03.09. ", "2024-03-09T00:00", "2024-03-09 00:00:00.000",
        "2024-03-09T00:00:00+00:00", "9 March 2024", "09 mar 2024", "9 Mar. 2024", "9 March, 2024",
        "9th of March 2024", "March 9, 2024", "MARCH 9TH 2024", "Mar 9,  2024", '"2024-03-09"',
        "**2024-03-09**", "The answer is March 9, 2024.", "\uff12\uff10\uff12\uff14-03-09",
    ],
)  # fmt: skip
def test_a_day_is_read_where_day_and_month_cannot_be_confused(text: str) -> None:
    assert read_date(text) == datetime.date(2024, 3, 9)


@pytest.mark.parametrize(
    "text",
    [
        "", "03/09/2024", "31/12/2024", "09.03.2024", "9 March 24", "March 2024", "2024-03",
        "2024-03-09 13:45", "2024-03-09T00:00:00+02:00", "2024-13-01", "2024-02-30", "30 Feb 2024",
        "9 Mai 2024", "9 Ma 2024", "2024-03/09", "0000-01-01", "20240309", "2024-03-09 or 10",
    ],
)  # fmt: skip
def test_anything_else_is_not_read(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize("name", ["May", "may", "Sep", "September", "dec"])
def test_months_are_known_by_three_letters_or_whole(name: str) -> None:
    day = read_date(f"1 {name} 2024")
    assert day is not None
    assert day.month == {"may": 5, "sep": 9, "dec": 12}[name[:3].casefold()]
