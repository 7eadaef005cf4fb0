from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracemill_datagen.command.pick import pick
from tracemill_datagen.errors import BadRequest
from tracemill_schema.question import Question

if TYPE_CHECKING:
    from collections.abc import Mapping


def test_a_record_is_picked_by_the_start_of_its_id(
    workspace: Path, questions: Mapping[str, Question]
) -> None:
    file = workspace / "questions/template/flowers.jsonl"
    assert pick(file, Question, "") == questions["mean_where"]
    assert pick(file, Question, questions["share"].id[:12]) == questions["share"]


def test_an_unknown_id_is_refused(workspace: Path) -> None:
    file = workspace / "questions/template/flowers.jsonl"
    with pytest.raises(BadRequest) as caught:
        pick(file, Question, "zz")
    assert str(caught.value) == (
        f"{file}: wanted a record whose id starts with 'zz', got none; "
        "leave the id away to see the first"
    )
