"""Batches of questions about a table."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pytest

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.generate import FRUITLESS, generate
from tracemill_datagen.question.part import Kept
from tracemill_datagen.table.reader import parse_sheet
from tracemill_schema.answer import show
from tracemill_schema.question import Source

SOURCES: tuple[Source, ...] = ("template", "procedural")
DIGEST = """
import hashlib
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.generate import FRUITLESS, generate
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
digest = hashlib.sha256()
with Bench(embedded_sheet(embedded_named("penguins"))) as bench:
    for source in ("template", "procedural"):
        for question in generate(bench, source, count=20, seed=0).questions:
            digest.update(question.to_bytes())
print(digest.hexdigest())
"""


@pytest.mark.parametrize("source", SOURCES)
def test_questions_are_distinct_and_carry_their_parameters(bench: Bench, source: Source) -> None:
    questions = generate(bench, source, count=40, seed=1).questions
    assert len({question.id for question in questions}) == 40
    if source == "procedural":
        programs = [q.program.canonical for q in questions if q.program is not None]
        assert len(set(programs)) == 40
    for question in questions:
        assert all(show(value) in question.prompt for value in question.parameters.values())


def test_a_longer_batch_begins_with_the_shorter_one(bench: Bench) -> None:
    few = generate(bench, "procedural", count=5, seed=1).questions
    assert generate(bench, "procedural", count=9, seed=1).questions[:5] == few
    assert generate(bench, "procedural", count=5, seed=2).questions != few


def test_same_bytes_whatever_the_hash_seed(bench: Bench) -> None:
    digest = hashlib.sha256()
    for source in SOURCES:
        for question in generate(bench, source, count=20, seed=0).questions:
            digest.update(question.to_bytes())
    run = subprocess.run(
        [sys.executable, "-c", DIGEST],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == digest.hexdigest()


def test_a_table_that_holds_little_gives_what_it_can_and_counts_the_rest() -> None:
    sheet = parse_sheet(b"x\n1\n", name="t", where="t.csv")
    with Bench(sheet) as small:
        batch = generate(small, "procedural", count=3, seed=0)
        none = generate(small, "template", count=2, seed=0)
    (question,) = batch.questions
    assert question.program is not None
    assert (question.program.canonical, question.answers[0].value) == ("count(table())", 1)
    assert (dict(batch.rejected), batch.tried, batch.possible) == ({}, 1, 1)
    assert none.possible is None
    assert (none.questions, dict(none.rejected)) == ((), {"not_applicable": FRUITLESS})


@pytest.mark.parametrize("source", SOURCES)
def test_how_much_a_table_holds_does_not_depend_on_how_much_is_asked_for(source: Source) -> None:
    sheet = parse_sheet(b"kind,x\na,1\nb,2\na,3\nb,7\na,11\nb,5\n", name="t", where="t.csv")
    with Bench(sheet) as small:
        held = generate(small, source, count=400, seed=0)
        assert 12 < len(held.questions) < 400
        assert held.tried > FRUITLESS
        for count in (len(held.questions), 12):
            few = generate(small, source, count=count, seed=0)
            assert few.questions == held.questions[:count]
        more = generate(small, source, count=len(held.questions) + 1, seed=0)
    assert more == held


def test_open_and_stated_questions_are_among_the_templates(bench: Bench) -> None:
    questions = generate(bench, "template", count=60, seed=0).questions
    assert any(len(question.answers) > 1 for question in questions)
    assert any("Use ddof" in question.prompt for question in questions)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("done", [0, 1, 7, 20])
def test_a_batch_goes_on_after_what_was_kept(bench: Bench, source: Source, done: int) -> None:
    kept: list[Kept] = []
    batch = generate(bench, source, count=20, seed=1, keep=kept.append)
    assert tuple(each.question for each in kept) == batch.questions
    rest: list[Kept] = []
    with Bench(bench.sheet) as fresh:
        again = generate(fresh, source, count=20, seed=1, before=kept[:done], keep=rest.append)
    assert again == batch
    assert rest == kept[done:]


def test_a_table_that_holds_little_goes_on_to_the_same_counts() -> None:
    sheet = parse_sheet(b"kind,x\na,1\nb,2\na,3\nb,7\na,11\nb,5\n", name="t", where="t.csv")
    kept: list[Kept] = []
    with Bench(sheet) as small:
        batch = generate(small, "procedural", count=400, seed=0, keep=kept.append)
        assert 2 < len(batch.questions) < 400
        again = generate(small, "procedural", count=400, seed=0, before=kept[:-2])
    assert again == batch
