"""Exit codes and messages of the package's errors."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import BadRequest, DatagenError, NotATable, Rejected, StaleInput


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (DatagenError("no"), 3, "no"),
        (BadRequest("no such table"), 2, "no such table"),
        (
            NotATable(where="a.csv", reason="json", wanted="CSV", got="JSON", remedy="export it"),
            1,
            "a.csv is not a table (json): wanted CSV, got JSON; export it",
        ),
        (
            StaleInput(where="a.csv", wanted="11", got="22", remedy="run again"),
            1,
            "a.csv changed: wanted 11, got 22; run again",
        ),
        (Rejected("tie", "a and b"), 3, "tie: a and b"),
        (Rejected("tie"), 3, "tie"),
    ],
)
def test_error_has_exit_code_and_message(error: DatagenError, code: int, message: str) -> None:
    assert (error.exit_code, str(error)) == (code, message)


def test_reasons_are_kept_for_counting() -> None:
    refusal = NotATable(where="", reason="json", wanted="", got="", remedy="")
    assert (refusal.reason, Rejected("tie", "x").reason) == ("json", "tie")
