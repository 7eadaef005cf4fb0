from __future__ import annotations

import pytest

from tracemill_datagen.episode.defect import Defect, difference, hash_difference
from tracemill_schema.canonical import Value, content_id


@pytest.mark.parametrize(
    ("wanted", "got", "kind"),
    [
        (1, 2, "number"),
        (0, 0.5, "number"),
        (43.9, "43.9 furlongs", "wrong_unit"),
        ("43.9 mm", "43.9 cm", "wrong_unit"),
        (43.9, "44.9 furlongs", "unsupported_claim"),
        ("red", "blue", "swapped_label"),
        (1, True, "unsupported_claim"),
        (1, None, "unsupported_claim"),
        ({"a": 1, "b": 2}, {"a": 2, "b": 1}, "swapped_label"),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, "number"),
        ([1, 2], [2, 1], "order"),
        ([1, 2], [1, 3], "number"),
    ],
)
def test_a_difference_has_a_class(wanted: Value, got: Value, kind: str) -> None:
    assert difference(wanted, got) == kind


@pytest.mark.parametrize(
    ("true", "stated", "kind"),
    [
        (0, 0, None),
        (False, False, None),
        ({}, {}, None),
        (None, None, None),
        (0, None, "number"),
        (False, None, "number"),
        ({}, None, "number"),
        (0, False, "number"),
        (12.5, 12.6, "number"),
        (12.5, "12.5 kg", "wrong_unit"),
        (12, "12 kg", "wrong_unit"),
        ("red", "blue", "swapped_label"),
        ({"red": 1, "blue": 2, "green": 3}, {"red": 1, "blue": 3, "green": 2}, "swapped_label"),
        ({"red": 1, "blue": 2}, {"red": 1, "blue": 9}, "number"),
    ],
)
def test_a_hash_tells_how_its_value_was_changed(
    true: Value, stated: Value, kind: str | None
) -> None:
    assert hash_difference(stated, content_id(true)) == kind


def test_a_defect_says_class_place_wanted_and_got() -> None:
    defect = Defect(kind="number", where="/submission", wanted="1", got="2")
    assert str(defect) == "number at /submission: wanted 1, got 2"
