"""Means over the rows whose partner is of a kind."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.joined_mean_where import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_mean_of_the_trips_to_the_north(asked_of_two: Asked) -> None:
    question = asked_of_two(TEMPLATE, column="km", where="region", value="north")["only"]
    assert question.answers[0].value == 38.08
    assert (
        "In the table trips, each row joined with the row of the table places that has its to as "
        "place (rows without such a row are left out), what is the mean of km"
    ) in question.prompt.replace('"', "")
    assert judge(question.answer_spec, 38.08, "38.0833").correct
    assert not judge(question.answer_spec, 38.08, 39.93).correct  # of all trips
