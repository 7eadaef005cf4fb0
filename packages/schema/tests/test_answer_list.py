from __future__ import annotations

from itertools import permutations

import pytest

from tracemill_schema.answer_list import from_json, mapping, paired_off, readings
from tracemill_schema.canonical import Value


@pytest.mark.parametrize(
    ("value", "ways"),
    [
        (["a", 1], [["a", 1]]),
        ('["a", 1, 2.50]', [["a", "1", "2.50"]]),
        ("**[1]**.", [["1"]]),
        ("[1].", [["1"]]),
        ("a, b", [["a", "b"]]),
        ("a", [["a"]]),
        ("()", [[]]),
        ("{}", [[]]),
        ("['a, b', 'c']", [["'a, b'", "'c'"]]),
        ("(a), (b)", [["(a)", "(b)"]]),
        ("((1, 2), (3, 4))", [["(1, 2)", "(3, 4)"]]),
        ("(other)", [["other"], ["(other)"]]),
        ("a; b, c", [["a", "b, c"], ["a; b", "c"]]),
        ("a, b and c", [["a", "b and c"], ["a", "b", "c"]]),
        ("a, b, and c", [["a", "b", "and c"], ["a", "b", "c"]]),
        ("sand castle", [["sand castle"]]),
        ("- a\n- b", [["a", "b"], ["- a\n- b"]]),
        ("1. a\n2. b", [["a", "b"], ["1. a\n2. b"]]),
        ("1. a\n3. b", [["1. a", "3. b"], ["1. a\n3. b"]]),
        ("-1\n-2", [["-1", "-2"], ["-1\n-2"]]),
        ("a,\nb", [["a", "b"], ["a", "b"]]),
        ("[a, b", [["[a", "b"]]),
        ("a), b(", [["a)", "b("]]),
        ("'tis, King's", [["'tis", "King's"]]),
        ("", []),
        ("  ", []),
        ('{"a": 1}', []),
        (1, []),
        (None, []),
    ],
)
def test_a_list_is_read_in_every_way_that_it_may_be_meant(
    value: Value, ways: list[list[Value]]
) -> None:
    assert [list(way) for way in readings(value)] == ways


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"a": 1}, {"a": 1}),
        ('{"a": 1}', {"a": "1"}),
        ("`{'a': 1, \"b\": [1, 2]}`", {"a": "1", "b": "[1, 2]"}),
        ("{}", {}),
        ('{"a": 1, "a": 2}', None),
        ("{'a': 1, 'a': 2}", None),
        ("{a: 1}", None),
        ("a: 1", None),
        ("{'a': 1, 2}", None),
        ("['a']", None),
        ("", None),
        (None, None),
    ],
)
def test_a_mapping_is_json_or_python_and_says_each_name_once(
    value: Value, found: dict[str, Value] | None
) -> None:
    assert mapping(value) == found


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", "{", "[" * 9000, "", '{"a": 1, "a": 1}'])
def test_what_is_no_json_is_none(text: str) -> None:
    assert from_json(text) is None


def test_the_numbers_of_json_stay_text() -> None:
    assert from_json("[1.50, 12345678901234567890123, null]") == [
        "1.50",
        "12345678901234567890123",
        None,
    ]


@pytest.mark.parametrize("places", tuple(permutations(range(4))))
def test_each_item_finds_its_own_place_where_the_first_fit_is_wrong(
    places: tuple[int, ...],
) -> None:
    assert paired_off(4, lambda left, right: places[right] in (left, left + 1))
    assert not paired_off(4, lambda left, right: places[right] in (left, 3) and left != 2)


def test_two_items_do_not_share_a_place() -> None:
    assert not paired_off(2, lambda _, right: right == 0)
    assert paired_off(0, lambda _left, _right: False)


def test_a_long_chain_of_displacements_is_followed() -> None:
    last = 300
    assert paired_off(
        last + 1, lambda left, right: right in (left, left + 1) if left < last else right == 0
    )
