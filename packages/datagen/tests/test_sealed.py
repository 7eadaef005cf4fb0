"""Sealing gives what the slow way gives, and unsealing refuses what reading refuses."""

from __future__ import annotations

import orjson
import pytest

from tracemill_datagen.family.catalogue import by_name
from tracemill_datagen.sealed import Sealed, seal, unseal
from tracemill_datagen.task import item
from tracemill_schema.errors import RecordError
from tracemill_schema.question import Question


@pytest.fixture(scope="module")
def question() -> Question:
    made = item(by_name("percent"), seed=0, stream="pool", index=0)
    return made.question.record


def without_id(question: Question) -> dict[str, object]:
    return {key: value for key, value in question.to_values().items() if key != "id"}


def test_sealing_is_making_and_writing(question: Question) -> None:
    sealed = seal(Question, without_id(question))
    assert sealed == Sealed(record=question, data=question.to_bytes())
    fields = {name: getattr(question, name) for name in question.model_fields_set if name != "id"}
    assert Question.make(**fields) == question


def test_a_wrong_field_is_refused_with_its_pointer(question: Question) -> None:
    with pytest.raises(RecordError, match=r"new record is not a valid question.v1:\n  /seed: "):
        seal(Question, without_id(question) | {"seed": -1})


def test_unsealing_reads_other_layouts_and_gives_canonical_bytes(question: Question) -> None:
    loose = orjson.dumps(question.to_values(), option=orjson.OPT_INDENT_2)
    assert unseal(Question, loose, where="x") == Sealed(record=question, data=question.to_bytes())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'"seed":0', b'"seed":1', "x is not a valid question.v1:\n  /id: wanted "),
        (b'"seed":0', b'"seed":"0"', "x is not a valid question.v1:\n  /seed: wanted "),
        (b'"seed":0', b'"seed":', "x is not a valid question.v1:\n  (document): wanted UTF-8 JSON"),
        (b'"seed":0', b'"seed":0,"_ground_truth":1',
         "x is not a valid question.v1:\n  /_ground_truth: wanted no such key; it is now answers"),
        (b"percent", b"perce\xff", "x is not a valid question.v1:\n  (document): wanted UTF-8"),
        (b'"seed":0', b'"seed":0\x00', "x is not a valid question.v1:\n  (document): wanted UTF-8"),
    ],
)  # fmt: skip
def test_what_was_changed_is_refused(
    question: Question, old: bytes, new: bytes, message: str
) -> None:
    with pytest.raises(RecordError) as caught:
        unseal(Question, question.to_bytes().replace(old, new, 1), where="x")
    assert str(caught.value).startswith(message)
