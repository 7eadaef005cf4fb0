from __future__ import annotations

import datetime
import decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tracemill_sandbox.inside.value import Converter, NoJsonForm, bind, type_name
from tracemill_schema.canonical import Value, content_id


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, None),
        ((1, True, 2.5, "é"), [1, True, 2.5, "é"]),
        ({3, 1, 2}, [1, 2, 3]),
        (float("nan"), None),
        (float("-inf"), "-inf"),
        (decimal.Decimal("1.50"), 1.5),
        ({1: "a", "b": None}, {"1": "a", "b": None}),
        ({1: "a", "1": "b"}, [[1, "a"], ["1", "b"]]),
        (datetime.date(2024, 2, 29), "2024-02-29"),
        (np.int64(7), 7),
        (np.float32(0.5), 0.5),
        (np.float64("nan"), None),
        (np.bool_(1), True),
        (np.datetime64("2024-01-02"), "2024-01-02"),
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (pd.NaT, None),
        (pd.NA, None),
        (pd.Timestamp("2024-01-02 03:04"), "2024-01-02T03:04:00"),
        (pd.Series([1, 2]), [1, 2]),
        (pd.Series([1.0, 2.0], index=["a", "b"]), {"a": 1.0, "b": 2.0}),
        (pd.Series([1, 2], index=["a", "a"]), [["a", 1], ["a", 2]]),
        (pd.Index(["a", "b"]), ["a", "b"]),
        (
            pd.DataFrame({"g": ["a"], "x": [1.5]}),
            {"columns": ["g", "x"], "rows": [["a", 1.5]]},
        ),
        (
            pd.DataFrame({"x": [1]}, index=["r"]),
            {"columns": ["x"], "rows": [[1]], "index": ["r"]},
        ),
    ],
)
def test_values_have_one_json_form(value: object, wanted: Value) -> None:
    assert Converter().convert(value) == wanted


class Liar(int):
    def __repr__(self) -> str:
        raise AssertionError("the guest's own method was called")


@pytest.mark.parametrize(
    "value", [Liar(3), object(), 1 << 64, b"bytes", lambda: 0, 1j], ids=type_name
)
def test_what_has_no_json_form_is_refused(value: object) -> None:
    with pytest.raises(NoJsonForm):
        Converter().convert(value)


def test_a_list_that_holds_itself_is_opaque() -> None:
    loop: list[object] = []
    loop.append(loop)
    bound = bind(line_number=1, name="loop", value=loop)
    assert (bound.value, bound.coverage) == ("<list>", "opaque")


def test_a_small_value_travels_whole_with_its_content_id() -> None:
    bound = bind(line_number=3, name="x", value=[1, 2])
    assert (bound.value, bound.coverage) == ([1, 2], "whole")
    assert bound.value_hash == content_id([1, 2])


def test_a_large_value_is_summarised_and_hashed_whole() -> None:
    whole = list(range(50_000))
    bound = bind(line_number=3, name="x", value=whole)
    assert bound.coverage == "summary"
    assert isinstance(bound.value, str)
    assert bound.value.startswith("<list> [0,1,2,")
    assert len(bound.value) < 300
    assert bound.value_hash == content_id(whole)


def test_an_opaque_value_is_named_by_its_type_without_an_address() -> None:
    bound = bind(line_number=1, name="f", value=object())
    assert (bound.value, bound.coverage) == ("<object>", "opaque")
    assert type_name(Liar(1)).endswith("Liar")


def test_text_that_would_take_too_much_memory_to_encode_is_opaque() -> None:
    bound = bind(line_number=1, name="x", value=["a" * (9 << 20)] * 2)
    assert (bound.coverage, bound.value) == ("opaque", "<list>")
    assert bind(line_number=1, name="x", value="a" * (9 << 20)).coverage == "summary"


def test_arrays_of_other_kinds_are_opaque_and_no_fault(tmp_path: Path) -> None:
    mapped = np.memmap(tmp_path / "m", dtype="f8", mode="w+", shape=(3,))
    for value in (mapped, np.ma.masked_array([1, 2]), np.ma.masked_array([1])):
        binding = bind(line_number=1, name="m", value=value)
        assert binding.coverage == "opaque"
        assert binding.value == f"<{type_name(value)}>"
