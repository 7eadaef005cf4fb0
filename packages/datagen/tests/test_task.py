"""Items: distinct, checked, the same for the same key, and never shared between seeds."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pytest

from tracemill_datagen.errors import BadRequest
from tracemill_datagen.family.catalogue import FAMILIES, AnyFamily, by_name
from tracemill_datagen.task import FaultyFamily, generate, item
from tracemill_schema.claim import replay

each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)


@each_family
def test_items_are_distinct_and_their_bytes_are_those_of_the_contract(family: AnyFamily) -> None:
    tasks = list(generate(family, seed=1, count=60))
    assert len({task.question.record.mechanical for task in tasks}) == 60
    for task in tasks:
        question, trace = task.question.record, task.trace.record
        assert task.question.data == question.to_bytes()
        assert task.trace.data == trace.to_bytes()
        question.verify_id(where="test")
        trace.verify_id(where="test")
        assert trace.provenance.question_id == question.id
        assert (trace.prompt, trace.answer_spec) == (question.prompt, question.answer_spec)
        assert question.n_steps == len(trace.steps)
        assert replay(trace) is None


@each_family
def test_an_item_does_not_depend_on_the_others(family: AnyFamily) -> None:
    walked = list(generate(family, seed=2, count=5))
    alone = item(family, seed=2, stream="pool", index=3)
    assert alone == walked[3]


LARGE = [family for family in FAMILIES if family.space > 10**9]


@pytest.mark.parametrize("family", LARGE, ids=lambda family: family.name)
def test_seeds_and_streams_share_no_question(family: AnyFamily) -> None:
    keys = [(0, "train"), (1, "train"), (0, "test"), (1, "test")]
    questions = [
        {item(family, seed=seed, stream=stream, index=i).question.record.mechanical
         for i in range(60)}
        for seed, stream in keys
    ]  # fmt: skip
    assert len(set().union(*questions)) == sum(map(len, questions)) == 240


def test_a_count_above_the_space_is_refused_at_once() -> None:
    family = by_name("unit_cost")
    with pytest.raises(BadRequest) as caught:
        generate(family, seed=0, count=family.space + 1)
    assert str(caught.value) == (
        "unit_cost has 195228 distinct questions, 195229 were asked for; "
        "ask for fewer or take another family"
    )


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "import hashlib\n"
        "from tracemill_datagen.family.catalogue import FAMILIES\n"
        "from tracemill_datagen.task import generate\n"
        "d = hashlib.sha256()\n"
        "for f in FAMILIES:\n"
        "    for t in generate(f, seed=0, count=5): d.update(t.question.data + t.trace.data)\n"
        "print(d.hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    here = hashlib.sha256()
    for family in FAMILIES:
        for task in generate(family, seed=0, count=5):
            here.update(task.question.data + task.trace.data)
    assert done.stdout.strip() == here.hexdigest()


def test_a_family_that_makes_a_wrong_step_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    family = by_name("modular_chain")
    monkeypatch.setattr("tracemill_datagen.family.modular_chain._applied", lambda *_: 4)
    with pytest.raises(
        FaultyFamily, match=r"modular_chain made a wrong step 0 for .*mend the family"
    ):
        item(family, seed=0, stream="pool", index=0)
