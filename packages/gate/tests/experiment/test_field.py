"""Fields of evaluation.v1: which there can be, and their values."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from tracemill_gate.errors import NoVerdict
from tracemill_gate.experiment.field import (
    Measured,
    dotted,
    keys_of,
    metric_fault,
    number_fault,
    number_of,
    rate_of,
)
from tracemill_schema.evaluation import Evaluation

Edit = Callable[..., Evaluation]


@pytest.mark.parametrize(
    "path",
    [
        *("n_items", "samples_per_item", "pass_at_1/rate", "pass_at_k/n", "step_validity/low"),
        *("by_family/any_key/high", "by_difficulty/1.5/hits"),
    ],
)
def test_a_number_that_an_evaluation_can_have(path: str) -> None:
    assert number_fault(tuple(path.split("/"))) is None


FIELDS = (
    "model, checkpoint, evaluation_set, items_file, items_sha256, samples_per_item, n_items, "
    "n_scored, pass_at_1, pass_at_k, format_rate, step_validity, by_family, by_difficulty, "
    "by_source"
)
NO_NUMBER = [
    (
        "pass_at_one",
        "evaluation.v1 has no field 'pass_at_one'; did you mean pass_at_k or pass_at_1?",
    ),
    ("traces/pass_at_1", f"evaluation.v1 has no field 'traces'; there are: {FIELDS}"),
    ("pass_at_1/lo", "pass_at_1 has no field 'lo'; did you mean low?"),
    (
        "pass_at_1/__class__",
        "pass_at_1 has no field '__class__'; there are: n, hits, rate, low, high",
    ),
    (
        "by_family/a-b/mean",
        "by_family[\"a-b\"] has no field 'mean'; there are: n, hits, rate, low, high",
    ),
    ("pass_at_1/rate/real", "pass_at_1.rate is a number and has no field 'real'"),
    ("model/name", "model is text and has no field 'name'"),
    ("model", "wanted a number, got model, which is text"),
    (
        "pass_at_1",
        (
            "wanted a number, got pass_at_1, which is a rate: name one of its fields "
            "n, hits, rate, low, high"
        ),
    ),
    (
        "by_family",
        (
            "wanted a number, got by_family, which is a table of rates: name a key and a field, "
            "for instance by_family.modular_chain.rate"
        ),
    ),
]


@pytest.mark.parametrize(("path", "message"), NO_NUMBER)
def test_a_field_that_no_evaluation_has_as_a_number(path: str, message: str) -> None:
    assert number_fault(tuple(path.split("/"))) == message


@pytest.mark.parametrize(
    ("pointer", "message"),
    [
        ("/pass_at_1", None),
        ("/pass_at_1/rate", None),
        ("/by_family/a~1b", None),
        ("/n_items", None),
        ("pass_at_1", "wanted a JSON pointer that starts with /, got 'pass_at_1'"),
        ("/model", "wanted a number or a rate, got model, which is text"),
        (
            "/by_source",
            (
                "wanted a number or a rate, got by_source, which is a table of rates: name a key "
                "and a field, for instance by_family.modular_chain.rate"
            ),
        ),
        (
            "/pass_at_2",
            "evaluation.v1 has no field 'pass_at_2'; did you mean pass_at_k or pass_at_1?",
        ),
    ],
)
def test_a_metric_leads_to_a_number_or_a_rate(pointer: str, message: str | None) -> None:
    assert metric_fault(pointer) == message


def test_keys_of_a_pointer_and_how_a_criterion_writes_them() -> None:
    assert keys_of("/by_family/a~1b~01/rate") == ("by_family", "a/b~1", "rate")
    assert dotted(("by_difficulty", "1.5", "rate")) == 'by_difficulty["1.5"].rate'
    assert dotted(("by_family", "modular_chain", "rate")) == "by_family.modular_chain.rate"


def test_numbers_are_those_that_the_file_writes(evaluation: Edit) -> None:
    measured = Measured(name="a.json", evaluation=evaluation())
    assert number_of(measured, ("pass_at_1", "rate")) == Fraction(91, 100)
    assert number_of(measured, ("by_difficulty", "6", "hits")) == 273
    assert number_of(measured, ("n_items",)) == 300


def test_a_key_that_this_evaluation_lacks_gives_no_verdict(evaluation: Edit) -> None:
    measured = Measured(name="a.json", evaluation=evaluation())
    with pytest.raises(NoVerdict) as caught:
        number_of(measured, ("by_family", "percent", "rate"))
    assert str(caught.value) == "a.json: by_family has no key 'percent'; it has: modular_chain"


@pytest.mark.parametrize("key", ["rate", "low", "high"])
def test_a_rate_over_nothing_gives_no_verdict(evaluation: Edit, key: str) -> None:
    measured = Measured(name="a.json", evaluation=evaluation("steps-not-measured"))
    with pytest.raises(NoVerdict) as caught:
        number_of(measured, ("step_validity", key))
    assert str(caught.value) == (
        "a.json: step_validity is a rate over 0 items: nothing was judged, so it says nothing"
    )
    assert number_of(measured, ("step_validity", "n")) == 0


def test_the_rate_around_a_metric(evaluation: Edit) -> None:
    measured = Measured(name="a.json", evaluation=evaluation())
    for keys in (("pass_at_1",), ("pass_at_1", "low"), ("by_family", "modular_chain")):
        rate = rate_of(measured, keys)
        assert rate is not None
        assert rate.hits == 273
    assert rate_of(measured, ("n_items",)) is None
    with pytest.raises(NoVerdict, match="by_source has no key 'llm'"):
        rate_of(measured, ("by_source", "llm"))
